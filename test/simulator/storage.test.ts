import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import type { StoredList } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { noFaults } from '../../electron/simulator/faults.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { StoredFootage } from '../../electron/simulator/stored-footage.ts';
import { until } from '../live/exactness.ts';
import { PlaybackClient } from '../live/playback-client.ts';
import { ServerProcess } from '../live/server-process.ts';

const hour = 3_600_000;

describe('what a simulated terminal has on its disk', () => {
  const now = Date.UTC(2026, 10, 20, 12, 3);
  const footage = new StoredFootage(() => now, 4, 1);
  const all = {
    ...{ channel: 0, start: now - 48 * hour, end: now, alarms: 0, videoAlarms: 0 },
    ...{ media: 0, stream: 0, storage: 0 },
  };

  it('is a day in files of five minutes, many hundreds of them, with rests between', () => {
    const files = footage.find(all);
    expect(files.length).toBeGreaterThan(900);
    expect(files.every(file => file.end - file.start === 5 * 60_000 && file.end <= now)).toBe(true);
    expect(Math.min(...files.map(file => file.start))).toBeGreaterThanOrEqual(now - 24 * hour - 5 * 60_000);
    expect(files.length).toBeLessThan(4 * 288);
    expect(footage.find(all)).toEqual(files);
  });

  it('is found by channel, time and alarm', () => {
    expect(new Set(footage.find({ ...all, channel: 3 }).map(file => file.channel))).toEqual(new Set([3]));
    const some = footage.find({ ...all, channel: 1, start: now - 2 * hour, end: now - hour });
    expect(some.length).toBeLessThanOrEqual(13);
    const alarmed = footage.find({ ...all, alarms: 1 });
    expect(alarmed.length).toBeGreaterThan(0);
    expect(alarmed.every(file => file.alarms === 1)).toBe(true);
    expect(footage.find({ ...all, stream: 2 })).toEqual([]);
  });

  it('can be played where there is a file, and nowhere else', () => {
    const file = footage.find(all)[0]!;
    expect(footage.holds(file.start)).toBe(true);
    expect(footage.nextFrom(file.start + 5)).toBe(file.start + 5);
    expect(footage.nextFrom(now)).toBeUndefined();
    expect(footage.holds(now)).toBe(false);
  });
});

describe('a simulated terminal that is asked for it', () => {
  let server: ServerProcess;
  let client: PlaybackClient;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await ServerProcess.start({
      settings: { storageTimeoutMs: 1500, partsTimeoutMs: 500, partsRetries: 2, commandTimeoutMs: 2000 },
    });
    const { signalPort } = server;
    fleet = new Fleet({ vehicles: 2, host: '127.0.0.1', signalPort, clock: systemClock, log: silentLog });
    await fleet.start();
    client = await PlaybackClient.open(server.door);
    await until('both are online', async () => {
      const vehicles = await server.vehicles();
      return vehicles.length === 2 && vehicles.every(({ state }) => state === 'online');
    });
  }, 60_000);
  afterAll(async () => {
    client?.close();
    await fleet?.stop();
    await server?.stop();
  });
  beforeEach(() => fleet.setFaults(noFaults));

  // The first has the header of 2013, the second that of 2019.
  const list = (vehicleId: string) =>
    client.call<StoredList>('storage.list', {
      ...{ vehicleId, channel: 0, from: Date.now() - 24 * hour, to: Date.now(), refresh: true },
    });

  it.each(['13900000001', '13900000002'])('lists it in sub-packages (%s), also last first and with holes', async id => {
    const whole = await list(id);
    expect(whole.ok && whole.value.files.length).toBeGreaterThan(900);
    for (const fault of ['partsReversed', 'partsLost', 'storageAnswersTwice'] as const) {
      fleet.setFaults({ ...noFaults, [fault]: true });
      const answer = await list(id);
      expect([fault, answer.ok && answer.value.files.length > 900]).toEqual([fault, true]);
    }
  });

  it.each([
    ['storageNeverAnswers', 'commandTimeout'],
    ['storageWrongSerial', 'answerMismatched'],
    ['lastPartMissing', 'answerIncomplete'],
  ])(
    'fails with words when it has the fault %s',
    async (fault, code) => {
      fleet.setFaults({ [fault]: true });
      expect(await list('13900000001')).toMatchObject({ ok: false, code });
    },
    40_000,
  );

  it('refuses to play', async () => {
    fleet.setFaults({ refusesPlayback: true });
    const { port } = await client.play({ vehicleId: '13900000001', channel: 1, from: Date.now() - 5 * hour, to: 0 });
    await until('the refusal', () => port.end);
    expect(port.end).toEqual({ code: 'commandFailed' });
  });

  it('plays at the times that were asked for, to the end of them', async () => {
    const listed = await list('13900000002');
    const file = listed.ok ? listed.value.files.filter(({ channel }) => channel === 2).at(-3)! : undefined;
    const from = file!.from + 60_000;
    const played = await client.play({
      ...{ vehicleId: '13900000002', channel: 2, from, to: from + 12_000, mode: 'fast', speed: 4 },
    });
    await until('the end', () => played.port.end);
    expect(played.port.end).toEqual({ code: 'playbackEnded' });
    const { frames } = played.port;
    expect(frames[0]?.key).toBe(true);
    expect(frames[0]!.at).toBeGreaterThan(from - 2100);
    expect(frames.at(-1)!.at).toBeGreaterThan(from + 11_800);
    expect(frames.at(-1)!.at).toBeLessThan(from + 12_000);
    // Fifteen a second of footage, all of them, each at its own time.
    expect(frames.length).toBeGreaterThanOrEqual(180);
    for (let i = 1; i < frames.length; i++) expect(frames[i]!.at - frames[i - 1]!.at).toBeLessThan(70);
  }, 40_000);
});
