import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingPlan, RecordingRow } from '../../electron/contract.ts';
import { handMadeClip } from './clip.ts';
import { until } from './exactness.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, locationBody, type MediaPath, mediaOverTcp } from './foreign-terminal.ts';
import { sentPlaces } from './recorded-frames.ts';
import { ConsoleSocket, RecordingClient } from './recording-client.ts';
import { ServerProcess } from './server-process.ts';

const phone = '013990000999';
const frameMs = 40;
const units = handMadeClip({ frames: 900, seed: 120, gop: 25 });

let dataDir: string;
let server: ServerProcess;
let client: RecordingClient;
let console: ConsoleSocket;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'convoy-plans-'));
  await start();
}, 60_000);
afterEach(async () => {
  console?.close();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  server = await ServerProcess.start({ dataDir });
  client = new RecordingClient(server);
  console = await ConsoleSocket.open(server.door);
}

function plan(change: Partial<RecordingPlan>): RecordingPlan {
  const usual = { target: 'all', mode: 'always', week: '0'.repeat(336), stream: 'main' } as const;
  return { ...usual, channels: [1], preSeconds: 0, postSeconds: 0, ...change };
}

async function enrolled(): Promise<ForeignTerminal> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  await terminal.enrol();
  return terminal;
}

function report(terminal: ForeignTerminal, alarms: number): Promise<number> {
  const where = { status: 3, latitude: 31.2, longitude: 121.4, altitude: 4, speed: 40, direction: 90 };
  const body = locationBody({ ...where, time: '261123160000' });
  body.writeUInt32BE(alarms, 0);
  return terminal.ask(0x0200, body);
}

async function sendLive(path: MediaPath, isOver: () => boolean): Promise<number> {
  const camera = new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs });
  const begun = performance.now();
  let sent = 0;
  for (const unit of units) {
    if (isOver()) break;
    for (const packet of camera.picture(unit)) await path.send(packet);
    sent++;
    const ahead = begun + sent * frameMs - performance.now();
    if (ahead > 0) await sleep(ahead);
  }
  return sent;
}

describe('a plan', () => {
  it('on alarm keeps the stream open and records from before the alarm until after it', async () => {
    const terminal = await enrolled();
    await console.call('record.setPlan', { plan: plan({ mode: 'alarm', preSeconds: 2, postSeconds: 2 }) });
    const path = await mediaOverTcp((await terminal.nextLiveOrder(1)).tcpPort);
    let isOver = false;
    const sending = sendLive(path, () => isOver);
    await report(terminal, 0);
    await sleep(4000);
    expect(await client.segments(phone, 1)).toEqual([]);
    const alarmAt = Date.now();
    await report(terminal, 1);
    const rows = await console.call<RecordingRow[]>('record.list', {});
    expect(rows.map(({ causes }) => causes)).toEqual([['alarm']]);
    await sleep(1000);
    await report(terminal, 0);
    await until('it ended by itself', async () => (await console.call<unknown[]>('record.list', {})).length === 0);
    isOver = true;
    await sending;
    const segments = await client.finished(phone, 1);
    const places = sentPlaces(await client.frames(segments), units);
    expect(places).toEqual(places.map((_, index) => places[0]! + index));
    // From the key frame before: at most one group of pictures, a second, earlier than asked for.
    const before = alarmAt - Date.parse(segments[0]!.from);
    expect(before).toBeGreaterThanOrEqual(1900);
    expect(before).toBeLessThan(4000);
    expect(Date.parse(segments.at(-1)!.to)).toBeGreaterThan(alarmAt + 1900);
    path.cut();
    terminal.cut();
  }, 60_000);

  it('that says always records a vehicle that nobody watches, also after a restart', async () => {
    await console.call('record.setPlan', { plan: plan({ mode: 'always' }) });
    let terminal = await enrolled();
    await terminal.nextLiveOrder(1);
    terminal.cut();
    console.close();
    await server.stop();
    await start();
    terminal = await enrolled();
    const path = await mediaOverTcp((await terminal.nextLiveOrder(1)).tcpPort);
    let isOver = false;
    const sending = sendLive(path, () => isOver);
    await until('it is recorded', async () => (await client.segments(phone, 1)).some(({ frames }) => frames > 0));
    const rows = await console.call<RecordingRow[]>('record.list', {});
    expect(rows.map(({ causes }) => causes)).toEqual([['always']]);
    await console.call('record.removePlan', { target: 'all' });
    await until('it ended', async () => (await console.call<unknown[]>('record.list', {})).length === 0);
    isOver = true;
    await sending;
    path.cut();
    terminal.cut();
  }, 60_000);
});
