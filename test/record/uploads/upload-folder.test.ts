import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UploadFolder } from '../../../electron/record/uploads/upload-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'convoy-folder-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const path = join(base, 'inside');
const folder = new UploadFolder(path);
mkdirSync(join(path, 'a'), { recursive: true });
writeFileSync(join(path, 'a', 'file'), '12345');
symlinkSync(base, join(path, 'link'));

describe('the folder of an upload', () => {
  it.each([
    ['/', []],
    ['', []],
    ['x', ['x']],
    ['/a//b/./c', ['a', 'b', 'c']],
    ['视频 1.mp4', ['视频 1.mp4']],
  ])('takes %s', (given, parts) => {
    expect(folder.parts(given)).toEqual(parts);
  });

  it.each([
    '..',
    '../x',
    'a/../x',
    '/..',
    'a\\b',
    'C:',
    'a\nb',
    'x?',
    'NUL',
    'com1.h264',
    'ends.',
    'a/b/c/d/e/f/g',
    'n'.repeat(121),
  ])('refuses %s', given => {
    expect(folder.parts(given)).toBeUndefined();
  });

  it('is not left by any path', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '', '/', '\\', 'a', '...', ' ..', '.. ', '%2e%2e', '\u0000'),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
        (pieces, cwd) => {
          const parts = folder.parts(pieces.join('/'), cwd);
          if (parts) expect(`${resolve(path, ...parts)}${sep}`.startsWith(`${path}${sep}`)).toBe(true);
        },
      ),
    );
  });

  it('follows no link, and makes no folder below a file or a link', async () => {
    expect(await folder.place(['a', 'file'])).toBe(join(path, 'a', 'file'));
    expect(await folder.place(['a', 'new'])).toBe(join(path, 'a', 'new'));
    expect(await folder.place(['missing', 'new'])).toBeUndefined();
    expect(await folder.place(['a', 'file', 'x'])).toBeUndefined();
    expect(await folder.place(['link'])).toBeUndefined();
    expect(await folder.place(['link', 'x'])).toBeUndefined();
    expect(await folder.make(['link', 'x'])).toBe(false);
    expect(await folder.make(['a', 'file'])).toBe(false);
    expect(await folder.make(['b', 'c'])).toBe(true);
    expect(await folder.files()).toEqual([{ name: 'a/file', bytes: 5 }]);
  });
});
