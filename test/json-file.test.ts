import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile } from '../electron/json-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoy-json-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that is not there is absent', async () => {
  expect(await new JsonFile(join(folder, 'x.json')).load(1)).toEqual({ state: 'absent' });
});

test('what was saved is read, in a folder that did not exist', async () => {
  const path = join(folder, 'deep', 'x.json');
  await new JsonFile(path).save({ plate: '沪A·D7261' });
  expect(await new JsonFile(path).load(1)).toEqual({ state: 'read', value: { plate: '沪A·D7261' } });
});

test('a damaged file is set aside with its bytes', async () => {
  const path = join(folder, 'x.json');
  await writeFile(path, '{"half":');
  expect(await new JsonFile(path).load(7)).toEqual({ state: 'damaged', setAside: `${path}.damaged-7` });
  expect(await readFile(`${path}.damaged-7`, 'utf8')).toBe('{"half":');
});

test('saves that overlap leave the last value and no file beside it', async () => {
  const file = new JsonFile(join(folder, 'x.json'));
  await Promise.all([1, 2, 3, 4, 5].map(value => file.save({ value })));
  expect(await file.load(1)).toEqual({ state: 'read', value: { value: 5 } });
  expect(await readdir(folder)).toEqual(['x.json']);
});

test('a failed save rejects and the next one may succeed', async () => {
  const path = join(folder, 'blocked', 'x.json');
  await writeFile(join(folder, 'blocked'), 'a file where the folder should be');
  const file = new JsonFile(path);
  await expect(file.save(1)).rejects.toThrow();
  await rm(join(folder, 'blocked'));
  await file.save(2);
  expect(await file.load(1)).toEqual({ state: 'read', value: 2 });
});
