import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../electron/errors.ts';
import { pictureAt, pictureResponse } from '../electron/picture-response.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-picture-'));
  writeFileSync(join(folder, '沪A_1.jpg'), Buffer.from('FFD8FFD9', 'hex'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a picture', () => {
  it('has an address in the window and at the web door', () => {
    expect(['/pictures/7', '/api/pictures/7', '/pictures/x', '/pictures/7/8', '/pictures/../7'].map(pictureAt)).toEqual(
      [...[7, 7, undefined, undefined, undefined]],
    );
  });

  it('is given as what it is and as nothing else', async () => {
    const found = { path: join(folder, '沪A_1.jpg'), bytes: 4, type: 'image/jpeg' };
    const response = await pictureResponse(new Request('app://convoy/pictures/7'), 7, async () => ({
      ok: true,
      value: found,
    }));
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).toString('hex')).toBe('ffd8ffd9');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    const head = new Request('app://convoy/pictures/7', { method: 'HEAD' });
    expect(await (await pictureResponse(head, 7, async () => ({ ok: true, value: found }))).text()).toBe('');
  });

  it('that is unknown is not found', async () => {
    const response = await pictureResponse(new Request('app://convoy/pictures/7'), 7, async () =>
      fail('unknownPicture', '7'),
    );
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'unknownPicture' }]);
  });
});
