import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredList } from '../../electron/contract.ts';
import { recordedClip } from './clip.ts';
import { expectExactly, until } from './exactness.ts';
import { chinaTime, type DiskFile, listBody, partsOf, readControl, readPlayback, readSearch } from './foreign-disk.ts';
import { type Dialect, type ForeignMessage, word } from './foreign-frame.ts';
import { ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp } from './foreign-terminal.ts';
import { PlaybackClient } from './playback-client.ts';
import { ServerProcess } from './server-process.ts';

const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;
/** 2026-11-20 10:00:00 at GMT+8, on a whole minute of ours as well. */
const ten = Date.UTC(2026, 10, 20, 2, 0, 0);
const minute = 60_000;

let server: ServerProcess;
let client: PlaybackClient;
let folder: string;
let phones = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-storage-'));
  server = await ServerProcess.start({
    dataDir: folder,
    settings: { storageTimeoutMs: 1200, partsTimeoutMs: 500, partsRetries: 2, commandTimeoutMs: 1500 },
  });
  client = await PlaybackClient.open(server.door);
}, 60_000);
afterAll(async () => {
  client?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Answers nothing by itself of what is asked about its disk. */
async function terminalOf(dialect: Dialect = '2013'): Promise<ForeignTerminal> {
  const phone = `01392222${String(++phones).padStart(4, '0')}`;
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
  terminal.answers = ({ id }) => (id === 0x9205 || id === 0x9201 ? undefined : 0);
  await terminal.enrol();
  return terminal;
}

const idOf = (terminal: ForeignTerminal) => terminal.phone.replace(/^0+/, '');
const list = (terminal: ForeignTerminal, more: object = {}) =>
  client.call<StoredList>('storage.list', {
    ...{ vehicleId: terminal.phone, channel: 0, from: ten, to: ten + 60 * minute },
    ...more,
  });
const files = (count: number): DiskFile[] =>
  Array.from({ length: count }, (_, at) => ({
    channel: (at % 4) + 1,
    from: chinaTime(ten + at * minute),
    to: chinaTime(ten + (at + 1) * minute),
    bytes: 1_000_000 + at,
  }));

function sendParts(terminal: ForeignTerminal, body: Buffer, order: (parts: Buffer[]) => Buffer[] = parts => parts) {
  const serial = terminal.send(0x0002);
  const parts = partsOf({ dialect: terminal.dialect, id: 0x1205, phone: terminal.phone, serial: serial + 1 }, body);
  for (const part of order(parts)) terminal.write(part);
  // Its own counter goes on behind the parts.
  for (let at = 0; at < parts.length; at++) terminal.send(0x0002);
  return { parts, firstSerial: serial + 1 };
}

describe.each<Dialect>(['2013', '2019'])('the list of what a terminal of %s holds', dialect => {
  it('is asked as the standard says and read to the last field', async () => {
    const terminal = await terminalOf(dialect);
    const asked = list(terminal, { channel: 2, stream: 'main', storage: 'backup', alarms: 1, videoAlarms: 2 });
    const search = await terminal.next(0x9205);
    expect(readSearch(search)).toEqual({
      length: 24,
      channel: 2,
      from: '261120100000',
      to: '261120110000',
      alarms: '0000000200000001',
      media: 0,
      stream: 1,
    });
    expect(search.body[23]).toBe(2);
    const file = { channel: 2, from: '261120101500', to: '261120102000', alarms: '0000000200000001' };
    terminal.send(0x1205, listBody(search.serial, [{ ...file, media: 2, stream: 2, storage: 2, bytes: 0xfedcba98 }]));
    const answer = await asked;
    expect(answer).toMatchObject({ ok: true, value: { way: 'standard' } });
    expect(answer.ok && answer.value.files).toEqual([
      {
        ...{ channel: 2, from: ten + 15 * minute, to: ten + 20 * minute, alarms: 1, videoAlarms: 2 },
        ...{ media: 'video', stream: 'sub', storage: 'backup', bytes: 0xfedcba98 },
      },
    ]);
    await terminal.end();
  });

  it('comes in parts in any order, each of which is answered; missing ones are asked for again', async () => {
    const terminal = await terminalOf(dialect);
    const asked = list(terminal);
    const search = await terminal.next(0x9205);
    const { parts, firstSerial } = sendParts(terminal, listBody(search.serial, files(700)), all =>
      all.filter((_, at) => at !== 3).reverse(),
    );
    const request = await terminal.next(0x8003);
    expect(request.body.readUInt16BE(0)).toBe(firstSerial);
    expect(request.body.at(-1)).toBe(4);
    terminal.write(parts[3]!);
    const answer = await asked;
    expect(answer.ok && answer.value.files.length).toBe(700);
    await until('every part is answered', () => terminal.waiting(0x8001) >= parts.length);
    // Kept: the second time nothing is asked.
    expect(await list(terminal)).toEqual(answer);
    expect(terminal.waiting(0x9205)).toBe(0);
    const again = list(terminal, { refresh: true });
    terminal.send(0x1205, listBody((await terminal.next(0x9205)).serial, []));
    expect(await again).toMatchObject({ ok: true, value: { files: [] } });
    await terminal.end();
  });
});

describe('a terminal that is asked otherwise', () => {
  it('gets its parameters read first', async () => {
    const terminal = await terminalOf();
    const asked = list(terminal);
    await terminal.next(0x9205);
    const query = await terminal.next(0x8104);
    terminal.send(0x0104, Buffer.concat([word(query.serial), Buffer.from([0])]));
    const second = await terminal.next(0x9205);
    terminal.send(0x1205, listBody(second.serial, files(1)));
    expect(await asked).toMatchObject({ ok: true, value: { way: 'afterParameters' } });
    // What worked comes first the next time.
    const again = list(terminal, { refresh: true });
    terminal.send(0x0104, Buffer.concat([word((await terminal.next(0x8104)).serial), Buffer.from([0])]));
    terminal.send(0x1205, listBody((await terminal.next(0x9205)).serial, files(2)));
    expect(await again).toMatchObject({ ok: true, value: { way: 'afterParameters' } });
    await terminal.end();
  });

  it('gets 23 bytes without the storage (oddity 15)', async () => {
    const terminal = await terminalOf();
    const asked = list(terminal);
    let search = await terminal.next(0x9205);
    while (search.body.length === 24) {
      // Result 2: the message has errors.
      terminal.send(0x0001, Buffer.concat([word(search.serial), word(0x9205), Buffer.from([2])]));
      search = await terminal.next(0x9205);
    }
    expect(search.body.length).toBe(23);
    terminal.send(0x1205, listBody(search.serial, files(1)));
    expect(await asked).toMatchObject({ ok: true, value: { way: 'withoutStorage' } });
    await terminal.end();
  });

  it.each<[string, string, (terminal: ForeignTerminal, search: ForeignMessage) => void]>([
    ['never answers', 'commandTimeout', () => undefined],
    ['answers another serial', 'answerMismatched', (t, s) => void t.send(0x1205, listBody(s.serial + 77, files(1)))],
    [
      'never sends the last part',
      'answerIncomplete',
      (t, s) => void sendParts(t, listBody(s.serial, files(90)), all => all.slice(0, -1)),
    ],
    [
      'says that it cannot',
      'commandUnsupported',
      (t, s) => void t.send(0x0001, Buffer.concat([word(s.serial), word(0x9205), Buffer.from([3])])),
    ],
  ])(
    'and %s is told of as %s',
    async (_, code, answer) => {
      const terminal = await terminalOf();
      let isOver = false;
      const asked = list(terminal).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        const search = await terminal.next(0x9205, undefined, 300).catch(() => undefined);
        if (search) answer(terminal, search);
      }
      expect(await asked).toMatchObject({ ok: false, code });
      await terminal.end();
    },
    40_000,
  );

  it('announces 65,535 recordings and sends two', async () => {
    const terminal = await terminalOf();
    const asked = list(terminal);
    const search = await terminal.next(0x9205);
    terminal.send(0x1205, listBody(search.serial, files(2), 65_535));
    // And says it all again.
    terminal.send(0x1205, listBody(search.serial, files(2), 65_535));
    const answer = await asked;
    expect(answer).toMatchObject({ ok: true, value: { announced: 65_535 } });
    expect(answer.ok && answer.value.files.length).toBe(2);
    expect(await terminal.ask(0x0002)).toBe(0);
    await terminal.end();
  });
});

const clip = recordedClip(150);
const stepMs = 40;

/** Plays pictures as a disk does: stamped with then. @returns when the last has left */
async function feed(
  path: MediaPath,
  terminal: ForeignTerminal,
  channel: number,
  firstMs: number,
  units: Unit[],
  pace = 4,
) {
  const sim = terminal.phone.padStart(terminal.dialect === '2019' ? 20 : 12, '0');
  const camera = new ForeignCamera({ sim, channel, firstMs, stepMs });
  for (const unit of units) {
    for (const packet of camera.picture(unit)) await path.send(packet);
    await sleep(pace);
  }
}

const say = (terminal: ForeignTerminal, { serial, id }: ForeignMessage, result = 0) =>
  terminal.send(0x0001, Buffer.concat([word(serial), word(id), Buffer.from([result])]));

describe.each<Dialect>(['2013', '2019'])('playback from a terminal of %s', dialect => {
  it('comes byte for byte with the time it was taken, beside the live picture of the same camera', async () => {
    const terminal = await terminalOf(dialect);
    const live = new AbortController();
    const viewer = await client.call<{ subscription: number }>('stream.open', {
      ...{ vehicleId: terminal.phone, channel: 1, stream: 'main', credits: 10_000 },
    });
    const order = await terminal.nextLiveOrder(1);
    const livePath = await mediaOverTcp(order.tcpPort || server.mediaPort);
    const now = Date.now();
    const liveFeed = (async () => {
      for (let round = 0; !live.signal.aborted; round++)
        await feed(livePath, terminal, 1, now + round * 6000, recordedClip(25), 40);
    })();
    const { port, playback, subscription } = await client.play({
      ...{ vehicleId: terminal.phone, channel: 1, from: ten, to: ten + minute, stream: 'main' },
    });
    const asked = await terminal.next(0x9201);
    expect(readPlayback(asked)).toMatchObject({
      ...{ channel: 1, media: 0, stream: 1, storage: 0, mode: 0, speed: 0 },
      ...{ from: '261120100000', to: '261120100100', udpPort: 0 },
    });
    // The text's own answer.
    terminal.send(0x1205, listBody(asked.serial, []));
    const path = await mediaOverTcp(readPlayback(asked).tcpPort);
    await feed(path, terminal, 1, ten, clip, stepMs / 2);
    path.cut();
    await until('the end', () => port.end);
    expect(port.end).toEqual({ code: 'playbackEnded' });
    expectExactly(port.frames as never, clip);
    expect(port.frames.map(frame => frame.at)).toEqual(clip.map((_, at) => ten + at * stepMs));
    const row = await until('its last row', () => {
      const told = client.playbacks.get(playback);
      return told?.ended && told;
    });
    expect(row).toMatchObject({ phase: 'ended', error: { code: 'playbackEnded' } });
    live.abort();
    await liveFeed;
    livePath.cut();
    const seenLive = (viewer.ok && client.ports.get(viewer.value.subscription)?.frames) || [];
    expect(seenLive.length).toBeGreaterThan(50);
    expect(seenLive.filter(frame => frame.at < now)).toEqual([]);
    if (viewer.ok) client.closePort(viewer.value.subscription);
    client.closePort(subscription);
    await terminal.end();
  }, 60_000);

  it('obeys', async () => {
    const terminal = await terminalOf(dialect);
    const { port, playback, subscription } = await client.play({
      vehicleId: terminal.phone,
      channel: 3,
      from: ten,
      to: 0,
    });
    const asked = await terminal.next(0x9201);
    expect(readPlayback(asked)).toMatchObject({ channel: 3, to: '000000000000', stream: 0 });
    say(terminal, asked);
    const path = await mediaOverTcp(readPlayback(asked).tcpPort);
    await feed(path, terminal, 3, ten, clip.slice(0, 30));
    await until('pictures', () => port.frames.length === 30);
    const control = async (args: object) => {
      const answer = client.call('playback.control', { playback, ...args });
      return { answer, seen: readControl(await terminal.next(0x9202)) };
    };
    const none = '000000000000';
    expect((await control({ control: 'pause' })).seen).toEqual({ channel: 3, command: 1, speed: 0, at: none });
    await until('a pause', () => client.playbacks.get(playback)?.phase === 'paused');
    expect((await control({ control: 'resume' })).seen).toEqual({ channel: 3, command: 0, speed: 0, at: none });
    expect((await control({ control: 'fast', speed: 16 })).seen).toEqual({
      channel: 3,
      command: 3,
      speed: 5,
      at: none,
    });
    expect((await control({ control: 'keyRewind', speed: 2 })).seen).toMatchObject({ command: 4, speed: 2 });
    expect((await control({ control: 'keyPlay' })).seen).toMatchObject({ command: 6, speed: 0 });
    const drag = await control({ control: 'drag', at: ten + 30 * minute });
    expect(drag.seen).toEqual({ channel: 3, command: 5, speed: 0, at: '261120103000' });
    expect(await drag.answer).toMatchObject({ ok: true, value: { mode: 'normal', speed: 1 } });
    await feed(path, terminal, 3, ten + 30 * minute, clip.slice(0, 30));
    await until('pictures from there', () => port.frames.at(-1)?.at === ten + 30 * minute + 29 * stepMs);
    client.closePort(subscription);
    expect(readControl(await terminal.next(0x9202))).toMatchObject({ channel: 3, command: 2 });
    path.cut();
    await terminal.end();
  }, 40_000);
});

describe('a playback that does not come about', () => {
  const play = (terminal: ForeignTerminal) =>
    client.play({ vehicleId: terminal.phone, channel: 1, from: ten, to: ten + minute });

  it('is refused in words, and so is a second one of the channel', async () => {
    const terminal = await terminalOf();
    const first = await play(terminal);
    const args = { vehicleId: terminal.phone, channel: 1, from: ten, to: ten + minute, credits: 10 };
    expect(await client.call('playback.open', args)).toMatchObject({ ok: false, code: 'playbackBusy' });
    say(terminal, await terminal.next(0x9201), 1);
    await until('the refusal', () => first.port.end);
    expect(first.port.end).toEqual({ code: 'commandFailed' });
    await terminal.end();
    await until('it is away', async () =>
      (await server.vehicles()).some(({ id, state }) => id === idOf(terminal) && state === 'offline'),
    );
    expect(await client.call('playback.open', args)).toMatchObject({ ok: false, code: 'terminalOffline' });
    expect(await client.call('playback.listen', { playback: 'p999' })).toMatchObject({
      ok: false,
      code: 'unknownPlayback',
    });
    expect(await client.call('playback.control', { playback: first.playback, control: 'pause' })).toMatchObject({
      ok: false,
      code: 'unknownPlayback',
    });
  });

  it('is never answered', async () => {
    const terminal = await terminalOf();
    const { port } = await play(terminal);
    await until('the time-out', () => port.end);
    expect(port.end).toEqual({ code: 'commandTimeout' });
    await terminal.end();
  });

  it('is acknowledged and sends nothing', async () => {
    const terminal = await terminalOf();
    const { port } = await play(terminal);
    say(terminal, await terminal.next(0x9201));
    await until('the time-out', () => port.end, 30_000);
    expect(port.end).toEqual({ code: 'mediaNotArriving' });
    await terminal.end();
  }, 40_000);

  it('that cannot be dragged begins anew from there', async () => {
    const terminal = await terminalOf();
    const { port, playback, subscription } = await play(terminal);
    const asked = await terminal.next(0x9201);
    say(terminal, asked);
    const path = await mediaOverTcp(readPlayback(asked).tcpPort);
    await feed(path, terminal, 1, ten, clip.slice(0, 20));
    await until('pictures', () => port.frames.length === 20);
    terminal.answers = ({ id, body }) => (id === 0x9202 && body[1] === 5 ? 3 : id === 0x9201 ? undefined : 0);
    void client.call('playback.control', { playback, control: 'drag', at: ten + 40_000 });
    const second = await terminal.next(0x9201);
    expect(readPlayback(second)).toMatchObject({ from: '261120100040', to: '261120100100' });
    say(terminal, second);
    const next = await mediaOverTcp(readPlayback(second).tcpPort);
    // What the first connection still brings is not the new one's.
    await feed(path, terminal, 1, ten + 5000, clip.slice(0, 20));
    await feed(next, terminal, 1, ten + 40_000, clip.slice(0, 20));
    await until('pictures from there', () => port.frames.at(-1)?.at === ten + 40_000 + 19 * stepMs);
    expect(port.frames.some(frame => frame.at === ten + 5000)).toBe(false);
    client.closePort(subscription);
    for (const each of [path, next]) each.cut();
    await terminal.end();
  }, 40_000);
});

describe('footage that is fetched', () => {
  it('is recorded with the time it was taken, goes on after a drop, and is not played twice', async () => {
    const terminal = await terminalOf();
    const range = { from: ten + 10 * minute, to: ten + 10 * minute + 12_000 };
    const id = idOf(terminal);
    const asked = client.call<{ id: string }>('storage.fetch', { vehicleId: terminal.phone, channel: 1, ...range });
    const fetchId = await asked.then(answer => (answer.ok ? answer.value.id : ''));
    const answerList = async () => {
      const search = await terminal.next(0x9205);
      const file = { channel: 1, from: chinaTime(ten), to: chinaTime(ten + 30 * minute), bytes: 5 };
      terminal.send(0x1205, listBody(search.serial, [file]));
    };
    await answerList();
    const first = readPlayback(await terminal.next(0x9201));
    expect(first).toMatchObject({ from: '261120101000', to: '261120101012', stream: 1 });
    say(terminal, { serial: first.serial, id: 0x9201 } as ForeignMessage);
    const path = await mediaOverTcp(first.tcpPort);
    // Six seconds, then the line is gone.
    await feed(path, terminal, 1, range.from, clip);
    await until('it is on its way', () => (client.fetches.get(fetchId)?.frames ?? 0) > 50);
    path.cut();
    // What is missing is asked for, and nothing else.
    const second = readPlayback(await terminal.next(0x9201));
    expect(second.to).toBe('261120101012');
    expect(Number(second.from)).toBeGreaterThanOrEqual(261120101005);
    say(terminal, { serial: second.serial, id: 0x9201 } as ForeignMessage);
    const rest = await mediaOverTcp(second.tcpPort);
    await feed(rest, terminal, 1, range.from + 6000, recordedClip(150));
    rest.cut();
    await until('it is done', () => client.fetches.get(fetchId)?.state === 'done', 30_000);
    const entries = await server.get<{ from: string; to: string; frames: number; state: string; url: string }[]>(
      `/api/recordings?vehicleId=${id}&channel=1`,
    );
    expect(entries[0]!.from).toBe(new Date(range.from).toISOString());
    expect(Date.parse(entries.at(-1)!.to)).toBeGreaterThan(range.to - 1000);
    expect(entries.every(({ state }) => state === 'complete')).toBe(true);
    for (let at = 1; at < entries.length; at++)
      expect(Date.parse(entries[at]!.from)).toBeGreaterThanOrEqual(Date.parse(entries[at - 1]!.to) - 300);
    if (hasFfprobe)
      for (const [at, entry] of entries.entries()) {
        const file = join(folder, `fetched-${at}.mp4`);
        writeFileSync(file, Buffer.from(await (await fetch(server.door + entry.url)).arrayBuffer()));
        const words = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-of', 'json', '-show_streams', file];
        const probed = spawnSync('ffprobe', words, { encoding: 'utf8' });
        expect(probed.stderr).toBe('');
        expect(Number(JSON.parse(probed.stdout).streams[0].nb_read_frames)).toBe(entry.frames);
      }
    // All of it is here now: nothing is played for it again.
    const again = await client.call<{ id: string }>('storage.fetch', {
      vehicleId: terminal.phone,
      channel: 1,
      ...range,
    });
    await answerList();
    await until('it is done at once', () => again.ok && client.fetches.get(again.value.id)?.state === 'done');
    expect(terminal.waiting(0x9201)).toBe(0);
    await terminal.end();
  }, 90_000);

  it('goes on by itself after a restart of the server', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'convoy-storage-restart-'));
    const phone = '013922229999';
    const range = { from: ten + 20 * minute, to: ten + 20 * minute + 12_000 };
    const file = { channel: 1, from: chinaTime(ten), to: chinaTime(ten + 30 * minute), bytes: 5 };
    const begin = async (one: ServerProcess) => {
      const terminal = new ForeignTerminal({ port: one.signalPort, dialect: '2019', phone });
      terminal.answers = ({ id }) => (id === 0x9205 || id === 0x9201 ? undefined : 0);
      await terminal.enrol();
      return terminal;
    };
    const serve = async (terminal: ForeignTerminal, units: Unit[], firstMs: number) => {
      terminal.send(0x1205, listBody((await terminal.next(0x9205)).serial, [file]));
      const message = await terminal.next(0x9201);
      say(terminal, message);
      const order = readPlayback(message);
      const path = await mediaOverTcp(order.tcpPort);
      await feed(path, terminal, 1, firstMs, units);
      return { order, path };
    };
    let one = await ServerProcess.start({ dataDir });
    try {
      const first = await begin(one);
      const asker = await PlaybackClient.open(one.door);
      await asker.call('storage.fetch', { vehicleId: phone, channel: 1, ...range });
      const { path } = await serve(first, clip, range.from);
      await until('some of it', () => [...asker.fetches.values()].some(row => row.frames > 50));
      await one.stop();
      path.cut();
      first.cut();
      one = await ServerProcess.start({ dataDir });
      const looker = await PlaybackClient.open(one.door);
      const { order, path: rest } = await serve(await begin(one), clip, range.from + 6000);
      rest.cut();
      expect(Number(order.from)).toBeGreaterThanOrEqual(261120102004);
      const done = await until(
        'it is done',
        () => [...looker.fetches.values()].find(row => row.state === 'done'),
        30_000,
      );
      expect(done.heldMs).toBeGreaterThan(11_000);
      looker.close();
    } finally {
      await one.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 90_000);

  it('waits for its vehicle, is paused and cancelled, and fails in words where there is nothing', async () => {
    const terminal = await terminalOf();
    await terminal.end();
    await until('it is away', async () =>
      (await server.vehicles()).some(({ id, state }) => id === idOf(terminal) && state === 'offline'),
    );
    const ask = { vehicleId: terminal.phone, channel: 2, from: ten, to: ten + minute };
    const asked = await client.call<{ id: string }>('storage.fetch', ask);
    const id = asked.ok ? asked.value.id : '';
    const row = () => client.fetches.get(id);
    await until('it waits', () => row()?.state === 'waiting' && row()?.reason === 'offline');
    const control = (control: string) => client.call('storage.fetchControl', { id, control });
    expect(await control('pause')).toMatchObject({ ok: true, value: { state: 'paused' } });
    expect(await control('resume')).toMatchObject({ ok: true });
    await terminal.connect();
    await terminal.authenticate(await terminal.register());
    const search = await terminal.next(0x9205);
    terminal.send(0x1205, listBody(search.serial, []));
    await until('it fails', () => row()?.state === 'failed');
    expect(row()?.error?.code).toBe('noFootage');
    expect(await control('dismiss')).toMatchObject({ ok: true });
    expect(await control('cancel')).toMatchObject({ ok: false, code: 'unknownFetch' });
    await terminal.end();
  }, 40_000);
});
