import { describe, expect, it } from 'vitest';
import { ageWords, clockTime, elapsedWords, lastSeenWords } from '../../../renderer/i18n/age.ts';
import { createDictionary } from '../../../renderer/i18n/dictionary.ts';

const { t } = createDictionary('en');
const zh = createDictionary('zh').t;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('ages', () => {
  it.each([
    [0, '0 s', '0 秒'],
    [7999, '7 s', '7 秒'],
    [59_999, '59 s', '59 秒'],
    [minute, '1 min', '1 分钟'],
    [5 * hour + 51 * minute, '5 h 51 min', '5 小时 51 分'],
    [76 * hour, '3 d 4 h', '3 天 4 小时'],
    [-5, '0 s', '0 秒'],
  ])('%d ms are %s', (ms, english, chinese) => {
    expect([ageWords(ms, t), ageWords(ms, zh)]).toEqual([english, chinese]);
  });

  it('has tenths below ten seconds for what is under way', () => {
    expect([2140, 9999, 14_000].map(ms => elapsedWords(ms, t))).toEqual(['2.1 s', '10.0 s', '14 s']);
  });
});

describe('last seen', () => {
  const now = new Date(2026, 10, 20, 14, 32, 8).getTime();

  it.each([
    [new Date(2026, 10, 20, 8, 41).getTime(), '08:41'],
    [new Date(2026, 10, 20, 0, 0).getTime(), '00:00'],
    [new Date(2026, 10, 19, 23, 59).getTime(), 'yesterday'],
    [new Date(2026, 10, 19, 0, 0).getTime(), 'yesterday'],
    [new Date(2026, 10, 18, 23, 59).getTime(), '11-18'],
    [new Date(2025, 2, 3, 1, 1).getTime(), '2025-03-03'],
    [0, 'never'],
  ])('%d is %s', (at, words) => {
    expect(lastSeenWords(at, now, t)).toBe(words);
  });

  it('writes the clock with two digits each', () => {
    expect(clockTime(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('03:04:05');
  });
});
