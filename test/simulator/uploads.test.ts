import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import type { StoredList, UploadRow } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { noFaults } from '../../electron/simulator/faults.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { PlaybackClient } from '../live/playback-client.ts';
import { ServerProcess } from '../live/server-process.ts';

const hour = 3_600_000;

describe('a simulated terminal that is asked for files', () => {
  let server: ServerProcess;
  let client: PlaybackClient;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await ServerProcess.start({ settings: { ftpPort: 0, uploadSilenceMs: 2000, commandTimeoutMs: 3000 } });
    const { signalPort } = server;
    fleet = new Fleet({ vehicles: 2, host: '127.0.0.1', signalPort, clock: systemClock, log: silentLog });
    await fleet.start();
    client = await PlaybackClient.open(server.door);
    for (let tries = 0; tries < 200 && fleet.vehicles.some(({ state }) => state !== 'online'); tries++) await pause();
  }, 60_000);
  afterAll(async () => {
    client?.close();
    await fleet?.stop();
    await server?.stop();
  });
  beforeEach(() => Object.assign(fleet.terminal(0).faults, noFaults));

  const pause = () => new Promise(done => setTimeout(done, 50));
  const rows = async () => {
    const answer = await client.call<UploadRow[]>('upload.list', {});
    return answer.ok ? answer.value : [];
  };
  async function becomes(id: string, phases: readonly string[]): Promise<UploadRow> {
    let row: UploadRow | undefined;
    for (let tries = 0; tries < 400; tries++) {
      row = (await rows()).find(each => each.id === id);
      if (row && phases.includes(row.phase)) return row;
      await pause();
    }
    throw new Error(`${row?.phase} ${row?.bytes}`);
  }
  async function start(): Promise<UploadRow> {
    const vehicleId = fleet.terminal(0).identity.phone;
    const now = Math.floor(Date.now() / 1000) * 1000;
    const ask = { vehicleId, channel: 0, from: now - 8 * hour, to: now };
    const list = await client.call<StoredList>('storage.list', ask);
    const file = list.ok ? list.value.files.findLast(({ channel }) => channel === 1) : undefined;
    if (!file) throw new Error('no file');
    const answer = await client.call<UploadRow>('upload.start', {
      vehicleId,
      channel: 1,
      from: file.from,
      to: file.to,
    });
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.value.expectedBytes).toBe(file.bytes);
    return answer.value;
  }

  it('brings them, rests while it is paused, and says that it is done', async () => {
    const { id, vehicleId } = await start();
    await becomes(id, ['transferring']);
    expect(await client.call('upload.pause', { id })).toMatchObject({ ok: true, value: { phase: 'paused' } });
    await new Promise(done => setTimeout(done, 500));
    const before = (await becomes(id, ['paused'])).bytes;
    await new Promise(done => setTimeout(done, 500));
    expect((await becomes(id, ['paused'])).bytes).toBe(before);
    expect(await client.call('upload.resume', { id })).toMatchObject({ ok: true });
    const { files } = await becomes(id, ['done']);
    expect(files.length).toBe(1);
    expect(files[0]!.bytes).toBeGreaterThan(before);
    const head = readFileSync(join(server.dataDir, 'uploads', vehicleId, id, files[0]!.name)).subarray(0, 5);
    expect([...head.subarray(0, 4), head[4]! & 31]).toEqual([0, 0, 0, 1, 7]);
  }, 60_000);

  it('fails in words', async () => {
    const { faults } = fleet.terminal(0);
    for (const [fault, code] of [
      ['refusesUpload', 'commandFailed'],
      ['wrongUploadPassword', 'uploadFailed'],
      ['uploadsOutside', 'uploadFailed'],
      ['uploadStopsHalfWay', 'uploadFailed'],
      ['uploadNeverEnds', 'uploadSilent'],
    ] as const) {
      Object.assign(faults, noFaults, { [fault]: true });
      const { id } = await start();
      expect((await becomes(id, ['failed', 'done'])).error?.code, fault).toBe(code);
    }
  }, 60_000);

  it('goes on after half of it came', async () => {
    const { faults } = fleet.terminal(0);
    faults.uploadStopsHalfWay = true;
    const { id } = await start();
    const { bytes } = await becomes(id, ['failed']);
    expect(bytes).toBeGreaterThan(0);
    faults.uploadStopsHalfWay = false;
    await client.call('upload.resume', { id });
    expect((await becomes(id, ['done'])).bytes).toBeGreaterThan(bytes);
  }, 60_000);
});
