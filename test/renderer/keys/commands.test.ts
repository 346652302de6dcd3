import { describe, expect, it } from 'vitest';
import { commandForKey, commandSections, commands } from '../../../renderer/keys/commands.ts';
import { keyCaps, keyName } from '../../../renderer/keys/key-name.ts';

const press = (key: string, over = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...over,
});

describe('names of keys', () => {
  it.each([
    [press('3'), '3'],
    [press('K', { ctrlKey: true }), 'Ctrl+k'],
    [press('k', { metaKey: true }), 'Ctrl+k'],
    [press('?', { shiftKey: true }), '?'],
    [press('M', { shiftKey: true }), 'Shift+m'],
    [press('I'), 'i'],
    [press('ArrowLeft', { shiftKey: true }), 'Shift+ArrowLeft'],
    [press('f', { altKey: true }), undefined],
  ])('%o is %s', (event, name) => {
    expect(keyName(event)).toBe(name);
  });

  it('draws caps', () => {
    expect([keyCaps('Shift+ArrowLeft'), keyCaps('Ctrl+k'), keyCaps('?')]).toEqual([
      ['Shift', '←'],
      ['Ctrl', 'K'],
      ['?'],
    ]);
  });
});

describe('the command table', () => {
  it('gives every command a key, and no key to two commands that run', () => {
    expect(commands.filter(command => command.keys.length === 0)).toEqual([]);
    for (const place of ['live', 'review', 'archive', 'vehicle'] as const) {
      const there = commands.filter(({ run, place: own }) => run && (own === place || own === undefined));
      const keys = there.flatMap(command => command.keys);
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    }
    expect(new Set(commands.map(command => command.id)).size).toBe(commands.length);
  });

  it('writes keys as key events are named', () => {
    for (const key of commands.flatMap(command => command.keys)) {
      const parts = key === '+' ? ['+'] : key.split('+');
      const last = parts.at(-1)!;
      const event = press(last, { ctrlKey: parts.includes('Ctrl'), shiftKey: parts.includes('Shift') });
      expect(keyName(event)).toBe(key);
    }
  });

  it('has a place on the sheet for each', () => {
    for (const section of commandSections) expect(commands.some(command => command.section === section)).toBe(true);
  });

  it('gives a paused tile its own keys and leaves the others to the wall', () => {
    expect(commandForKey('ArrowLeft', 'live')?.id).toBe('focusLeft');
    expect(commandForKey('ArrowLeft', 'review')?.id).toBe('reviewBack');
    expect(commandForKey('ArrowLeft', 'archive')?.id).toBe('frameBack');
    expect(commandForKey('r', 'review')?.id).toBe('record');
    expect(commandForKey('r', 'archive')).toBeUndefined();
    expect(commandForKey('v', 'archive')?.id).toBe('page');
  });

  it('leaves the list its own keys', () => {
    expect(commandForKey('ArrowUp')?.id).toBe('focusUp');
    expect(commandForKey('p')).toBeUndefined();
    expect(commandForKey('Ctrl+k')?.id).toBe('search');
  });
});
