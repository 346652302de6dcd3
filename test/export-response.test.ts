import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../electron/errors.ts';
import { exportAt, exportResponse, exportUrl } from '../electron/export-response.ts';

const id = '0b6a5f0e-95f4-4f7c-8a38-1d1f8a5b3c11';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-exported-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the address of an exported file', () => {
  it('is found again whatever the name is', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(text => text.isWellFormed());
    fc.assert(
      fc.property(name, given => {
        const asked = { id, name: given };
        expect(exportAt(`/${exportUrl(asked)}`)).toEqual(asked);
        expect(exportAt(`/api/${exportUrl(asked)}`)).toEqual(asked);
      }),
    );
  });

  it.each([
    `/exports/${id}`,
    `/exports/${id}/`,
    `/exports/${id}/a/b`,
    `/exports/../${id}/a`,
    `/exports/${id}/%E0%A4%A`,
    `/exports/${id.slice(1)}/a`,
    `/x/exports/${id}/a`,
  ])('is not %s', path => {
    expect(exportAt(path)).toBeUndefined();
  });
});

describe('an exported file in the window', () => {
  const asked = (headers: Record<string, string> = {}, method = 'GET') =>
    new Request(`http://convoy/exports/${id}/a`, { headers, method });

  it('comes whole or in ranges, to be saved', async () => {
    const path = join(folder, '沪A.mp4');
    writeFileSync(path, '0123456789');
    const found = { ok: true, value: { path, bytes: 10, name: '沪A.mp4' } } as const;
    const whole = await exportResponse(asked(), found);
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%E6%B2%AAA.mp4");
    const part = await exportResponse(asked({ range: 'bytes=-3' }), found);
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 7-9/10', '789']);
    const stale = await exportResponse(asked({ range: 'bytes=-3', 'if-range': '"x"' }), found);
    expect([stale.status, await stale.text()]).toEqual([200, '0123456789']);
    const head = await exportResponse(asked({}, 'HEAD'), found);
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['10', '']);
  });

  it.each([
    ['manifest.json', 'application/json'],
    ['SHA256SUMS', 'application/octet-stream'],
  ])('has the type of %s', async (name, type) => {
    const path = join(folder, name);
    writeFileSync(path, '{}');
    const answer = await exportResponse(asked(), { ok: true, value: { path, bytes: 2, name } });
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([type, '{}']);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
  });

  it('may be empty', async () => {
    const path = join(folder, 'empty.vtt');
    writeFileSync(path, '');
    const answer = await exportResponse(asked(), { ok: true, value: { path, bytes: 0, name: 'empty.vtt' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('says when it is gone', async () => {
    const answer = await exportResponse(asked(), fail('unknownExport', id));
    expect([answer.status, await answer.json()]).toMatchObject([404, { ok: false, code: 'unknownExport' }]);
  });
});
