import { describe, expect, it } from 'vitest';
import { SavedFiles } from '../electron/saved-files.ts';

describe('files that the page saved', () => {
  it('are found by the name they were saved under, and nothing else is', () => {
    const saved = new SavedFiles();
    saved.add('沪A·D7261_CH_1_20261123-110000.png', '/pictures/Convoy/沪A·D7261_CH_1_20261123-110000.png');
    expect(saved.path('沪A·D7261_CH_1_20261123-110000.png')).toBe(
      '/pictures/Convoy/沪A·D7261_CH_1_20261123-110000.png',
    );
    for (const name of ['', '/etc/passwd', '../Convoy', '__proto__', undefined, 7, {}, ['a']])
      expect(saved.path(name)).toBeUndefined();
  });

  it('are forgotten when there are very many', () => {
    const saved = new SavedFiles();
    for (let n = 0; n < 501; n++) saved.add(`${n}.png`, `/p/${n}.png`);
    expect([saved.path('0.png'), saved.path('1.png'), saved.path('500.png')]).toEqual([
      undefined,
      '/p/1.png',
      '/p/500.png',
    ]);
  });
});
