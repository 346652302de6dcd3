import { describe, expect, it } from 'vitest';
import { nameOfSaved, SavedFiles } from '../electron/saved-files.ts';

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

  it('are called as the page says, whatever the locale made of it, and lie in their folder', () => {
    const blob = 'blob:app://convoy/6f0c';
    const name = '沪A·D7261_CH_1.png';
    expect(nameOfSaved(`${blob}#${encodeURIComponent(name)}`, 'download')).toBe(name);
    expect(nameOfSaved(blob, 'still.png')).toBe('still.png');
    for (const evil of ['../../etc/passwd', '..\\..\\passwd', '/etc/passwd', '....passwd', 'pass\u0000w?d'])
      expect(nameOfSaved(`${blob}#${encodeURIComponent(evil)}`, 'still.png')).toMatch(/^passw?d$/);
    expect(nameOfSaved(`${blob}#%E0%A4%A`, 'still.png')).toBe('still.png');
    expect(nameOfSaved(`${blob}#..`, '')).toBe('download');
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
