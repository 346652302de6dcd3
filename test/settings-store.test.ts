import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../electron/config.ts';
import { SettingsStore } from '../electron/settings-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoy-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('without a file the defaults are in force', async () => {
  expect((await SettingsStore.open(folder, {}, 1)).values).toEqual(defaultSettings());
});

test('a change is seen in place and after a reopening', async () => {
  const store = await SettingsStore.open(folder, {}, 1);
  const { values } = store;
  await store.set('graceMs', 1234);
  expect(values.graceMs).toBe(1234);
  expect((await SettingsStore.open(folder, {}, 1)).values.graceMs).toBe(1234);
});

test('an override wins and is not written', async () => {
  const store = await SettingsStore.open(folder, { signalPort: 0 }, 1);
  await store.set('graceMs', 1);
  expect(store.values.signalPort).toBe(0);
  expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toEqual({ graceMs: 1 });
});

test('an override out of its range is refused by name', async () => {
  await expect(SettingsStore.open(folder, { signalPort: 70000 }, 1)).rejects.toThrow(/signalPort .* 0 to 65535/);
});

test('rows of the file that do not fit are named and the rest holds', async () => {
  await writeFile(
    join(folder, 'settings.json'),
    JSON.stringify({ graceMs: -1, transport: 'pigeon', stalledAfterMs: 900 }),
  );
  const store = await SettingsStore.open(folder, {}, 1);
  expect(store.rejected).toEqual(['graceMs', 'transport']);
  expect(store.values.stalledAfterMs).toBe(900);
  expect(store.values.transport).toBe('both');
});

test('a file that is not JSON is set aside and said', async () => {
  await writeFile(join(folder, 'settings.json'), 'not json');
  expect((await SettingsStore.open(folder, {}, 9)).damaged).toBe(join(folder, 'settings.json.damaged-9'));
});

test('the token is never shown', async () => {
  const store = await SettingsStore.open(folder, { webToken: 'secret-token' }, 1);
  expect(JSON.stringify(store.rows())).not.toContain('secret-token');
});
