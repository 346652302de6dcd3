import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../electron/clock.ts';
import { Delimiter } from '../electron/codec/delimiter.ts';
import { terminalId } from '../electron/codec/terminal-id.ts';
import { defaultSettings } from '../electron/config.ts';
import { MediaIntake } from '../electron/frames/media-intake.ts';
import { Hub } from '../electron/hub/hub.ts';
import type { Subscriber } from '../electron/hub/subscriber.ts';
import { silentLog } from '../electron/log.ts';
import { Catalogue } from '../electron/record/catalogue.ts';
import { Recorder } from '../electron/record/recorder.ts';
import { diskFiles } from '../electron/record/recording-files.ts';
import { Tally } from '../electron/tally.ts';
import { cameraPackets, simOf } from './camera-stream.ts';
import { type BenchResult, median, round } from './result.ts';

const cameras = 64;
const seconds = 8;
const frameMs = 40;
const rounds = 3;
const mostOfACore = 25;
/** Ticks within one frame's time; each brings a frame of its share of the cameras. */
const turns = 8;

type Mode = 'ingest' | 'record' | 'write';

const silentSubscriber: Subscriber = {
  status: () => undefined,
  start: () => undefined,
  frame: () => true,
  audio: () => undefined,
  gap: () => undefined,
  end: () => undefined,
};

interface Plant {
  readonly frame: (camera: number, bytes: Buffer) => void;
  /** Frames that reached the disk. */
  readonly close: () => Promise<number>;
}

/** Vehicles' bytes through delimiter, intake and hub, to a subscriber that does nothing or to the recorder. */
async function openPlant(mode: Mode, folder: string): Promise<Plant> {
  const settings = defaultSettings();
  const tally = new Tally();
  const parts = { clock: systemClock, tally, settings, log: silentLog };
  const intake = new MediaIntake(parts);
  const devices = {
    isOnline: () => true,
    get: (terminal: string) => ({ headerId: terminal }),
    isSoundOnly: () => false,
    openStream: async () => ({ ok: true as const, value: { target: 'bench' } }),
    closeStream: () => undefined,
    reportLoss: () => undefined,
  };
  const hub = new Hub({ ...parts, devices, intake, changed: () => undefined });
  const terminals = Array.from({ length: cameras }, (_, camera) => terminalId(simOf(camera)));
  const stopTicking = systemClock.every(20, () => intake.tick());
  let finish = async () => 0;
  if (mode === 'record') {
    const catalogue = Catalogue.open({ path: join(folder, 'catalogue.sqlite'), ...parts });
    const frames = new Map<string, number>();
    const recorder = new Recorder({
      ...parts,
      folder: join(folder, 'recordings'),
      files: diskFiles,
      ledger: catalogue,
      hub,
      vehicle: id => ({ headerId: id, plate: `B${id.slice(-5)}` }),
      changed: row => frames.set(row.id, row.frames),
      faultChanged: () => undefined,
    });
    await recorder.open();
    for (const vehicleId of terminals) recorder.hold({ vehicleId, channel: 1, stream: 'main' }, 'manual');
    finish = async () => {
      await recorder.close();
      catalogue.close();
      return [...frames.values()].reduce((sum, count) => sum + count, 0);
    };
  } else for (const terminal of terminals) hub.subscribe({ terminal, channel: 1, stream: 'main' }, silentSubscriber);
  const source = { id: 'bench', transport: 'tcp' as const, remote: 'bench:1', localAddress: '127.0.0.1' };
  const delimiters = terminals.map(
    () =>
      new Delimiter({
        settings,
        tally,
        knows: terminal => intake.isWanted(terminal),
        sink: { message: () => undefined, packet: packet => intake.packet(source, packet) },
      }),
  );
  await sleep(50);
  return {
    frame: (camera, bytes) => delimiters[camera]?.push(bytes),
    close: async () => {
      const written = await finish();
      stopTicking();
      hub.close();
      return written;
    },
  };
}

/** The same bytes, a second of each camera at a time, appended to a file of its own. */
async function openWriter(folder: string): Promise<Plant> {
  const files = await Promise.all(Array.from({ length: cameras }, (_, camera) => open(join(folder, `${camera}`), 'w')));
  const waiting: Buffer[][] = files.map(() => []);
  let work: Promise<unknown> = Promise.resolve();
  let frames = 0;
  return {
    frame: (camera, bytes) => {
      frames++;
      const pieces = waiting[camera] as Buffer[];
      if (pieces.push(bytes) < 1000 / frameMs) return;
      const whole = Buffer.concat(pieces.splice(0));
      work = Promise.all([work, files[camera]?.write(whole)]);
    },
    close: async () => {
      await work;
      await Promise.all(files.map(file => file.close()));
      return frames;
    },
  };
}

/** @returns percent of one core while the cameras sent, in real time */
async function measure(mode: Mode, streams: readonly Buffer[][]): Promise<{ core: number; frames: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'convoy-bench-'));
  const plant = await (mode === 'write' ? openWriter(folder) : openPlant(mode, folder));
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (let frame = 0; frame < (seconds * 1000) / frameMs; frame++)
    for (let turn = 0; turn < turns; turn++) {
      for (let camera = turn; camera < cameras; camera += turns)
        plant.frame(camera, streams[camera]?.[frame] ?? Buffer.alloc(0));
      const ahead = begun + frame * frameMs + ((turn + 1) * frameMs) / turns - performance.now();
      if (ahead > 0) await sleep(ahead);
    }
  const { user, system } = process.cpuUsage(cpu);
  const core = (user + system) / 1000 / (performance.now() - begun);
  const frames = await plant.close();
  await rm(folder, { recursive: true, force: true });
  return { core: core * 100, frames };
}

export async function run(): Promise<BenchResult> {
  const streams = Array.from({ length: cameras }, (_, camera) =>
    cameraPackets(camera, 1, seconds).map(packets => Buffer.concat(packets)),
  );
  const seen: Record<Mode, number[]> = { ingest: [], record: [], write: [] };
  const beyond: number[] = [];
  for (let at = 0; at < rounds; at++) {
    for (const mode of ['ingest', 'record', 'write'] as const) {
      const { core, frames } = await measure(mode, streams);
      seen[mode].push(core);
      const expected = (cameras * seconds * 1000) / frameMs;
      if (mode === 'record' && frames !== expected) throw new Error(`${frames} frames on disk of ${expected}`);
    }
    beyond.push((seen.record[at] ?? 0) - (seen.ingest[at] ?? 0));
  }
  const extra = median(beyond);
  return {
    name: `${cameras} streams of 1 Mbit/s recorded together`,
    rows: [
      { label: 'ingest alone', value: round(median(seen.ingest)), unit: '% of a core' },
      { label: 'ingest and recording', value: round(median(seen.record)), unit: '% of a core' },
      { label: 'recording beyond ingest', value: round(extra), unit: '% of a core' },
      { label: 'the same bytes written plainly', value: round(median(seen.write)), unit: '% of a core' },
    ],
    ratio: round(extra / median(seen.write), 2),
    target: `recording takes at most ${mostOfACore} % of one core beyond ingest (median of ${rounds}), every frame on disk`,
    ok: extra <= mostOfACore,
  };
}
