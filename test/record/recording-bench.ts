import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraKey, RecordingRow } from '../../electron/contract.ts';
import type { Frame } from '../../electron/frames/frame.ts';
import { parameterSets } from '../../electron/frames/nal.ts';
import type { StartInfo, Subscriber, Subscription } from '../../electron/hub/subscriber.ts';
import { silentLog } from '../../electron/log.ts';
import type { DiskFault } from '../../electron/record/disk-guard.ts';
import type { SoundFacts } from '../../electron/record/packet-sound.ts';
import { Recorder } from '../../electron/record/recorder.ts';
import { diskFiles, type RecordingFiles } from '../../electron/record/recording-files.ts';
import { type StreamKey, streamName } from '../../electron/stream-key.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { MemoryLedger } from './memory-ledger.ts';

export const camera: CameraKey = { vehicleId: '13800138000', channel: 1, stream: 'main' };

/** A recorder on a real folder, with feeds that a test plays by hand and a clock that it moves. */
export class RecordingBench {
  readonly clock = new ManualClock(Date.UTC(2026, 10, 23, 4, 1, 0));
  readonly tally = new Tally();
  readonly ledger = new MemoryLedger();
  readonly subscribers = new Map<string, Subscriber[]>();
  readonly faults: (DiskFault | undefined)[] = [];
  readonly rows: RecordingRow[] = [];
  readonly folder: string;
  readonly recorder: Recorder;
  plate = '京A·12345';
  /** What is known of the vehicle's sound. */
  readonly facts: SoundFacts = {};

  readonly #disk: BusyFiles;

  static async open(files: RecordingFiles = diskFiles, limits = {}): Promise<RecordingBench> {
    const folder = join(await mkdtemp(join(tmpdir(), 'convoy-record-')), 'recordings');
    const bench = new RecordingBench(folder, files, limits);
    await bench.recorder.open();
    return bench;
  }

  private constructor(folder: string, files: RecordingFiles, limits: object) {
    this.folder = folder;
    this.#disk = new BusyFiles(files);
    this.recorder = new Recorder({
      folder,
      files: this.#disk.files,
      ledger: this.ledger,
      hub: { subscribe: (key, subscriber) => this.#subscribe(key, subscriber) },
      vehicle: id => (id === camera.vehicleId ? { headerId: `0${id}`, plate: this.plate, ...this.facts } : undefined),
      settings: { recordQueueBytes: 16 << 20, ringBytes: 16 << 20, ringSeconds: 30, ...limits },
      clock: this.clock,
      tally: this.tally,
      log: silentLog,
      changed: row => this.rows.push(row),
      faultChanged: fault => this.faults.push(fault),
    });
  }

  /** Hands a frame to everyone who watches `camera`, on time: the clock moves to its arrival. */
  play(frame: Frame, start?: StartInfo): void {
    const late = frame.receivedAt - this.clock.now();
    if (late > 0) this.clock.pass(late);
    for (const subscriber of this.watchers()) {
      if (start) subscriber.start(start);
      subscriber.frame(frame, false);
    }
  }

  watchers(): Subscriber[] {
    return this.subscribers.get(streamName({ ...camera, terminal: camera.vehicleId })) ?? [];
  }

  /** The disk has done what it was asked, or does nothing any more. @param ms for a disk that is meant to hang */
  async idle(ms = 10_000): Promise<void> {
    const until = performance.now() + ms;
    for (let quiet = 0; quiet < 5 && !(this.#disk.isBusy && performance.now() > until); ) {
      await new Promise(resolve => setImmediate(resolve));
      quiet = this.#disk.isBusy ? 0 : quiet + 1;
    }
  }

  /** Path of a segment that is closed. */
  path(segment: number): string {
    return join(this.folder, this.ledger.segments[segment]!.end!.file);
  }

  async close(): Promise<void> {
    await this.recorder.close();
    await rm(join(this.folder, '..'), { recursive: true, force: true });
  }

  #subscribe(key: StreamKey, subscriber: Subscriber): Subscription {
    const name = streamName(key);
    this.subscribers.set(name, [...(this.subscribers.get(name) ?? []), subscriber]);
    return {
      close: () => {
        const left = (this.subscribers.get(name) ?? []).filter(other => other !== subscriber);
        this.subscribers.set(name, left);
      },
      drain: () => undefined,
    };
  }
}

/** Counts what the disk has not answered yet. */
class BusyFiles {
  #asked = 0;
  readonly files: RecordingFiles;

  constructor(inner: RecordingFiles) {
    const busy = <T>(work: Promise<T>): Promise<T> => {
      this.#asked++;
      return work.finally(() => {
        this.#asked--;
      });
    };
    this.files = {
      makeFolder: path => busy(inner.makeFolder(path)),
      create: async path => {
        const file = await busy(inner.create(path));
        return {
          append: bytes => busy(file.append(bytes)),
          truncate: bytes => busy(file.truncate(bytes)),
          close: () => busy(file.close()),
        };
      },
      rename: (from, to) => busy(inner.rename(from, to)),
      remove: path => busy(inner.remove(path)),
      exists: path => busy(inner.exists(path)),
      device: path => busy(inner.device(path)),
      freeBytes: path => busy(inner.freeBytes(path)),
    };
  }

  get isBusy(): boolean {
    return this.#asked > 0;
  }
}

/** What the hub would say before this key frame. */
export function startOf(frame: Frame, width: number, height: number): StartInfo {
  return { codec: frame.codec, parameterSets: parameterSets(frame.data, frame.codec), width, height };
}

/** Lets disk work under way get on. */
export async function settle(ms = 30): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms));
}
