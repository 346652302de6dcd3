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

test('the mask that stands for the token is not taken for one', async () => {
  const store = await SettingsStore.open(folder, {}, 1);
  await store.set('webToken', 'secret-token');
  const mask = store.rows().find(row => row.key === 'webToken')?.value;
  await expect(store.set('webToken', mask)).rejects.toMatchObject({ code: 'settingInvalid' });
  expect(store.values.webToken).toBe('secret-token');
});

test('no change leaves the web door open to others without a token', async () => {
  const store = await SettingsStore.open(folder, {}, 1);
  await expect(store.set('webHost', '0.0.0.0')).rejects.toMatchObject({ code: 'settingInvalid' });
  expect(store.values.webHost).toBe('127.0.0.1');
  await store.set('webToken', 'secret-token');
  await store.set('webHost', '0.0.0.0');
  await store.set('webEnabled', true);
  await expect(store.set('webToken', '')).rejects.toMatchObject({ code: 'settingInvalid' });
  await store.set('webHost', 'localhost');
  await store.set('webToken', '');
  expect(store.values).toMatchObject({ webHost: 'localhost', webToken: '', webEnabled: true });
});

test('a door that is open to others without a token can be closed, not opened', async () => {
  const wide = { webHost: '0.0.0.0', webEnabled: true };
  const store = await SettingsStore.open(folder, wide, 1);
  await store.set('graceMs', 1);
  await store.set('webEnabled', false);
  await expect(store.set('webEnabled', true)).rejects.toMatchObject({ code: 'settingInvalid' });
});

test('a PEM file that cannot be read is refused', async () => {
  const store = await SettingsStore.open(folder, {}, 1);
  await expect(store.set('webKey', join(folder, 'none.pem'))).rejects.toMatchObject({ code: 'settingInvalid' });
  await writeFile(join(folder, 'door.pem'), 'pem');
  await store.set('webCertificate', join(folder, 'door.pem'));
  await store.set('webCertificate', '');
  expect(store.values.webCertificate).toBe('');
});
