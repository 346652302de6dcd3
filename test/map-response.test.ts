import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { mapAnswer } from '../electron/map-response.ts';

const folder = mkdtempSync(join(tmpdir(), 'convoy-map-'));
const file = join(folder, 'a.pmtiles');
writeFileSync(file, 'PMTiles and more');
afterAll(() => rmSync(folder, { recursive: true }));

test('an archive is given in ranges', async () => {
  const { status, headers, body } = await mapAnswer(file, 'bytes=2-6');
  expect([status, headers['content-range']]).toEqual([206, 'bytes 2-6/16']);
  expect(String(await buffer(body!))).toBe('Tiles');
  expect((await mapAnswer(file, 'bytes=16-')).status).toBe(416);
});

test.each(['', join(folder, 'none'), folder])('%j is no archive, and no error', async path => {
  const { status, body } = await mapAnswer(path, undefined);
  expect([status, body]).toEqual([204, undefined]);
});
