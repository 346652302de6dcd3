import { resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appFile, appHeaders, contentPolicy } from '../electron/app-files.ts';

const root = resolve('/srv/page');

describe('appFile', () => {
  it('names files of the folder', () => {
    expect(appFile(root, 'app://convoy/')).toBe(resolve(root, 'index.html'));
    expect(appFile(root, 'app://convoy/assets/app-1.js?v=2#x')).toBe(resolve(root, 'assets/app-1.js'));
    expect(appFile(root, 'app://convoy/a%20b.png')).toBe(resolve(root, 'a b.png'));
  });

  it.each([
    'app://convoy/../secret',
    'app://convoy/%2e%2e/secret',
    'app://convoy/%2e%2e%2fsecret',
    'app://convoy/assets/..%2f..%2fsecret',
    'app://convoy/..%5c..%5csecret',
    'app://convoy/%00',
    'app://convoy/%ff',
    'app://convoy//../../secret',
    'app://elsewhere/index.html',
    'app://convoy:8/index.html',
    'https://convoy/index.html',
    'file:///etc/passwd',
    'nonsense',
  ])('does not leave it for %s', address => {
    const file = appFile(root, address);
    expect(file === undefined || file.startsWith(root + sep)).toBe(true);
    expect(file ?? '').not.toBe(resolve(root, '../secret'));
  });

  it('refuses other hosts, other schemes and undecodable paths outright', () => {
    for (const address of ['app://elsewhere/a', 'https://convoy/a', 'app://convoy/%ff', 'app://convoy/a%5cb', 'x'])
      expect(appFile(root, address)).toBeUndefined();
  });

  it('never leaves the folder, whatever is asked', () => {
    const piece = fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '/', '\\', 'a', '%', '%00', 'C:', '~');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const file = appFile(root, `app://convoy/${pieces.join('')}`);
        expect(file === undefined || file.startsWith(root + sep)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('headers', () => {
  it('allow nothing inline, nothing from elsewhere, no frame and no plug-in', () => {
    expect(contentPolicy).toMatch(/^default-src 'none'/);
    expect(contentPolicy).not.toMatch(/unsafe|\*|https?:/);
    for (const rule of ["frame-src 'none'", "base-uri 'none'", "form-action 'none'", "object-src 'none'"])
      expect(contentPolicy).toContain(rule);
    expect(appHeaders('a.js')).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
    });
    expect(appHeaders('a.exe')['content-type']).toBe('application/octet-stream');
  });
});
