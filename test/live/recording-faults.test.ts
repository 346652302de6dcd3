import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { handMadeClip, recordedClip } from './clip.ts';
import { until } from './exactness.ts';
import { Counter, ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp } from './foreign-terminal.ts';
import { firstPlaces, framesIn, sentPlaces } from './recorded-frames.ts';
import { ConsoleSocket, RecordingClient } from './recording-client.ts';
import { ServerProcess } from './server-process.ts';
import { canMount } from './small-disk.ts';

const phone = '013990000777';
const frameMs = 40;
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const isRoot = process.getuid?.() === 0;

let dataDir: string;
let server: ServerProcess;
let client: RecordingClient;

/** The most that may be lost when the program is killed. */
const mayLoseMs = 2000;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'convoy-faults-'));
});

afterEach(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startServer(settings: Record<string, number | string | boolean> = {}): Promise<void> {
  server = await ServerProcess.start({ dataDir, settings: { recordHeadroomMb: 64, ...settings } });
  client = new RecordingClient(server);
}

interface Recorded {
  readonly terminal: ForeignTerminal;
  readonly path: MediaPath;
  readonly id: string;
}

async function startRecording(channel = 1): Promise<Recorded> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  await terminal.enrol();
  const id = await client.start(phone, channel);
  const path = await mediaOverTcp((await terminal.nextLiveOrder(channel)).tcpPort);
  return { terminal, path, id };
}

/** In real time; `sent` holds when each unit had left, until `isOver`. */
async function sendLive(path: MediaPath, camera: ForeignCamera, units: readonly Unit[], isOver = () => false) {
  const sent: number[] = [];
  const begun = performance.now();
  for (const [index, unit] of units.entries()) {
    if (isOver()) break;
    for (const packet of camera.picture(unit)) await path.send(packet);
    sent.push(performance.now());
    const ahead = begun + (index + 1) * frameMs - performance.now();
    if (ahead > 0) await sleep(ahead);
  }
  return sent;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => path.endsWith('.mp4'));
}

describe('a server that is killed while it records', () => {
  for (const seed of [1, 2, 3])
    it(`loses at most two seconds and no finished fragment, ${seed}`, async () => {
      const killAfterMs = 1500 + new Random(seed + process.pid).below(4000);
      // A group of pictures of 8 s: fragments must not wait for its end.
      const units = handMadeClip({ frames: 400, seed: 40 + seed, gop: seed === 3 ? 200 : 25 });
      await startServer();
      const { path, terminal } = await startRecording();
      let isOver = false;
      const sending = sendLive(
        path,
        new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs }),
        units,
        () => isOver,
      );
      await sleep(killAfterMs);
      const [growing] = await client.segments(phone, 1);
      const finished = growing ? (await framesIn(await client.file(growing))).length : 0;
      const killedAt = performance.now();
      await server.stop('SIGKILL');
      isOver = true;
      const sent = await sending;
      path.cut();
      terminal.cut();

      await startServer();
      const segments = await client.segments(phone, 1);
      expect(segments.map(({ state }) => state)).toEqual(['mended']);
      expect(segments[0]!.file).not.toContain('_recording');
      const places = sentPlaces(await client.frames(segments), units);
      expect(places).toEqual(firstPlaces(places.length));
      expect(places.length).toBe(segments[0]!.frames);
      expect(places.length).toBeGreaterThanOrEqual(finished);
      const safe = sent.filter(at => at < killedAt - mayLoseMs).length;
      expect(places.length).toBeGreaterThanOrEqual(safe);
    }, 60_000);
});

describe('recordings that were cut off at any byte, without a catalogue', () => {
  it('are taken in as far as there is and play up to there', async () => {
    const units = handMadeClip({ frames: 150, seed: 60, gop: 25, keyBytes: 3000, pBytes: 700 });
    await startServer();
    const { path, terminal, id } = await startRecording();
    await sendLive(path, new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs }), units);
    await client.stop(id);
    const [segment] = await client.finished(phone, 1);
    const rows = await consoleCall<{ fragments: { offset: number; bytes: number; frames: number }[] }>(
      'archive.fragments',
      { segment: segment!.id },
    );
    terminal.cut();
    await server.stop();

    const [whole] = filesBelow(join(dataDir, 'recordings'));
    const bytes = readFileSync(whole!);
    expect(sentPlaces(await framesIn(bytes), units)).toEqual(firstPlaces(150));
    for (const name of readdirSync(dataDir)) if (name.startsWith('catalogue')) rmSync(join(dataDir, name));
    rmSync(whole!);
    const random = new Random(61);
    const cuts = Array.from({ length: 40 }, () => random.below(bytes.length));
    for (const [index, cut] of cuts.entries())
      writeFileSync(join(dirname(whole!), `cut_1_20261123-${100000 + index}_recording.mp4`), bytes.subarray(0, cut));

    await startServer();
    const expected = cuts.map(cut =>
      rows.fragments.reduce((sum, { offset, bytes: length, frames }) => sum + (offset + length <= cut ? frames : 0), 0),
    );
    const found = await until('all that can be read is listed', async () => {
      const segments = await client.segments(phone, 1);
      return segments.length >= expected.filter(frames => frames > 0).length && segments;
    });
    for (const entry of found) {
      const places = sentPlaces(await framesIn(await client.file(entry)), units);
      expect(places).toEqual(firstPlaces(entry.frames));
    }
    const descending = (counts: readonly number[]) => counts.toSorted((one, other) => other - one);
    const listed = descending(found.map(({ frames }) => frames));
    for (const [index, frames] of descending(expected.filter(count => count > 0)).entries())
      expect(listed[index]).toBeGreaterThanOrEqual(frames);
  }, 60_000);
});

async function consoleCall<T>(method: string, args: object): Promise<T> {
  const console = await ConsoleSocket.open(server.door);
  const value = await console.call<T>(method, args);
  console.close();
  return value;
}

describe.skipIf(!canMount())('a disk of its own (needs the right to mount a small one)', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(dataDir, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
  });
  afterEach(async () => {
    await server.stop();
    spawnSync('umount', ['-l', disk]);
  });

  it('that is full is said within 5 s, and recorded on by itself when there is room again', async () => {
    await startServer({ recordFolder: join(disk, 'recordings') });
    const console = await ConsoleSocket.open(server.door);
    const units = handMadeClip({ frames: 900, seed: 70, gop: 25 });
    const { path, terminal, id } = await startRecording();
    let isOver = false;
    const sending = sendLive(path, new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs }), units, () => isOver);
    await until('it records', async () => (await client.segments(phone, 1)).some(({ frames }) => frames > 25));
    fill(join(disk, 'filler'));
    const full = performance.now();
    await until('the recorder is failing', () => console.recorder?.phase === 'failing', 15_000);
    const toldMs = performance.now() - full;
    expect(console.recorder?.error?.code).toBe('diskFull');
    // What is promised to people, who would not notice by themselves.
    expect(toldMs).toBeLessThan(5000);
    const before = await client.segments(phone, 1);
    rmSync(join(disk, 'filler'));
    await until('it records again', async () => {
      const now = await client.segments(phone, 1);
      return (
        console.recorder?.phase === 'well' && now.some(segment => !before.some(({ id: was }) => was === segment.id))
      );
    });
    isOver = true;
    await sending;
    await client.stop(id);
    const places = sentPlaces(await client.frames(await client.finished(phone, 1)), units);
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(places.length);
    expect(places[0]).toBe(0);
    path.cut();
    terminal.cut();
    console.close();
  }, 60_000);
});

describe.skipIf(!canMount())('a disk that cannot be written (needs the right to mount a small one)', () => {
  it('is said, and recorded to by itself as soon as it can be', async () => {
    const disk = join(dataDir, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
    mkdirSync(join(disk, 'recordings'));
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    try {
      await startServer({ recordFolder: join(disk, 'recordings') });
      const console = await ConsoleSocket.open(server.door);
      const { path, terminal } = await startRecording();
      let isOver = false;
      const camera = new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs });
      const sending = sendLive(path, camera, handMadeClip({ frames: 900, seed: 71, gop: 25 }), () => isOver);
      await until('it was said', () => console.recorder?.error?.code === 'diskUnwritable');
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      await until('it records', async () => (await client.segments(phone, 1)).some(({ frames }) => frames > 25));
      await until('all is well', () => console.recorder?.phase === 'well');
      isOver = true;
      await sending;
      path.cut();
      terminal.cut();
      console.close();
      await server.stop();
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  }, 60_000);
});

function fill(path: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=4k'], { stdio: 'ignore' });
}

describe('a recordings folder that is taken away', () => {
  it('is said, made again, and recorded into by itself', async () => {
    await startServer();
    const console = await ConsoleSocket.open(server.door);
    const units = handMadeClip({ frames: 900, seed: 80, gop: 25 });
    const { path, terminal, id } = await startRecording();
    let isOver = false;
    const sending = sendLive(path, new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs }), units, () => isOver);
    await until('it records', async () => (await client.segments(phone, 1)).some(({ frames }) => frames > 25));
    const seen: string[] = [];
    renameSync(join(dataDir, 'recordings'), join(dataDir, 'elsewhere'));
    rmSync(join(dataDir, 'elsewhere'), { recursive: true });
    await until('it was said', () => {
      if (console.recorder?.phase === 'failing') seen.push(console.recorder.error?.code ?? '');
      return seen.length > 0;
    });
    expect(seen[0]).toBe('folderGone');
    await until('it records again', () => {
      const files = readdirSync(dataDir).includes('recordings') ? filesBelow(join(dataDir, 'recordings')) : [];
      return console.recorder?.phase === 'well' && files.some(file => statSync(file).size > 10_000);
    });
    isOver = true;
    await sending;
    await client.stop(id);
    await until('the file has its name', () =>
      filesBelow(join(dataDir, 'recordings')).every(file => !file.includes('_recording')),
    );
    for (const file of filesBelow(join(dataDir, 'recordings'))) {
      const places = sentPlaces(await framesIn(readFileSync(file)), units);
      expect(places).toEqual(firstPlaces(places.length).map(place => place + places[0]!));
    }
    path.cut();
    terminal.cut();
    console.close();
  }, 60_000);

  it.skipIf(isRoot)(
    'or made read-only is said, and recorded into when it can be written (not as root)',
    async () => {
      await startServer();
      const console = await ConsoleSocket.open(server.door);
      const folder = join(dataDir, 'recordings');
      chmodSync(folder, 0o500);
      const { path, terminal } = await startRecording();
      const units = handMadeClip({ frames: 900, seed: 81 });
      let isOver = false;
      const sending = sendLive(
        path,
        new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs }),
        units,
        () => isOver,
      );
      await until('it was said', () => console.recorder?.error?.code === 'diskUnwritable');
      chmodSync(folder, 0o700);
      await until('it records', async () => (await client.segments(phone, 1)).some(({ frames }) => frames > 25));
      isOver = true;
      await sending;
      path.cut();
      terminal.cut();
      console.close();
    },
    60_000,
  );
});

describe('devices with odd clocks and streams', () => {
  /** Sends the parts one after the other, each with a clock of its own, and gives what was recorded of them. */
  async function recorded(parts: { units: readonly Unit[]; firstMs?: number; stepMs?: number }[]) {
    await startServer();
    const { path, terminal, id } = await startRecording();
    const begun = Date.now();
    const counter = new Counter();
    for (const { units, ...camera } of parts)
      await sendLive(path, new ForeignCamera({ sim: phone, channel: 1, stepMs: frameMs, counter, ...camera }), units);
    await sleep(300);
    await client.stop(id);
    const segments = await client.finished(phone, 1);
    const ended = Date.now();
    path.cut();
    terminal.cut();
    const files = await Promise.all(segments.map(async segment => framesIn(await client.file(segment))));
    const sent = parts.flatMap(({ units }) => units);
    const places = sentPlaces(files.flat(), sent);
    expect(places).toEqual(firstPlaces(sent.length));
    for (const segment of segments) {
      expect(Date.parse(segment.from)).toBeGreaterThanOrEqual(begun - 1000);
      expect(Date.parse(segment.to)).toBeLessThanOrEqual(ended + 1000);
    }
    for (const frames of files) {
      const times = frames.map(({ ms }) => ms);
      expect(times[0]).toBe(0);
      for (const [index, ms] of times.entries()) if (index > 0) expect(ms).toBeGreaterThanOrEqual(times[index - 1]!);
      expect(frames[0]!.key).toBe(true);
      expect(times.at(-1)).toBeLessThan(ended - begun + 2000);
    }
    return { segments, files };
  }

  const clip = (seed: number, frames = 50) => handMadeClip({ frames, seed, gop: 25 });

  it('that jump back an hour are recorded whole, with times of now', async () => {
    await recorded([
      { units: clip(90), firstMs: 1_700_003_600_000 },
      { units: clip(91), firstMs: 1_700_000_000_000 },
    ]);
  }, 60_000);

  it('that jump ahead by 65535 seconds are recorded whole, without that time in any file', async () => {
    await recorded([
      { units: clip(92), firstMs: 1_700_000_000_000 },
      { units: clip(93), firstMs: 1_700_065_535_000 },
    ]);
  }, 60_000);

  it('whose timestamps never change are recorded whole', async () => {
    const { segments } = await recorded([{ units: clip(94, 75), stepMs: 0 }]);
    const [segment] = segments;
    expect(Date.parse(segment!.to) - Date.parse(segment!.from)).toBeGreaterThan(2000);
  }, 60_000);

  it.skipIf(!hasFfmpeg)(
    'that change their SPS begin a new segment (needs ffmpeg)',
    async () => {
      const { segments, files } = await recorded([
        { units: recordedClip(50) },
        { units: clip(96), firstMs: 1_700_000_000_000 + 50 * frameMs },
      ]);
      expect(segments).toHaveLength(2);
      expect(files.map(frames => frames.length)).toEqual([50, 50]);
    },
    60_000,
  );
});
