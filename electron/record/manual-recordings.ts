import { join } from 'node:path';
import { z } from 'zod';
import { type CameraKey, streamKinds } from '../contract.ts';
import { JsonFile } from '../json-file.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';

/** A plan cannot ask for more cameras than a fleet has; neither can a person. */
const maxCameras = 10_000;

const shape = z.object({
  cameras: z
    .array(
      z.object({ vehicleId: z.string().min(1).max(40), channel: z.int().min(1).max(255), stream: z.enum(streamKinds) }),
    )
    .max(maxCameras),
  /** When the program ended in good order, ms since 1970; null while it runs, and after a crash. */
  stoppedAt: z.number().nullable(),
});

type ManualList = z.output<typeof shape>;

export interface ManualRecordingsParts {
  readonly dataDir: string;
  readonly tally: Tally;
  readonly log: Log;
  now(): number;
  /** Records for a person; false for a vehicle that nobody knows. */
  hold(camera: CameraKey): boolean;
  /** The camera was not recorded from `from` on, since the program did not run. */
  rested(camera: CameraKey, from: number): void;
}

/** Which cameras somebody records by hand, for after a restart: `manual.json` in the data folder. */
export class ManualRecordings {
  readonly #parts: ManualRecordingsParts;
  readonly #file: JsonFile;
  #told = '';
  /** Of vehicles that nobody knows yet. */
  #waiting: CameraKey[] = [];

  constructor(parts: ManualRecordingsParts) {
    this.#parts = parts;
    this.#file = new JsonFile(join(parts.dataDir, 'manual.json'));
  }

  /**
   * What somebody began and did not end goes on. The time between has its cause; a crash is for the scan to tell. Never
   * rejects. @returns recordings that go on
   */
  async resume(): Promise<number> {
    const { cameras, stoppedAt } = await this.#load();
    this.#waiting = cameras.filter(camera => !this.#parts.hold(camera));
    if (stoppedAt !== null) for (const camera of cameras) this.#parts.rested(camera, stoppedAt);
    return cameras.length;
  }

  /** A roster is written a while after a vehicle came: after a crash it may have to come again first. */
  vehicleChanged(id: string): void {
    this.#waiting = this.#waiting.filter(camera => camera.vehicleId !== id || !this.#parts.hold(camera));
  }

  vehicleRemoved(id: string): void {
    this.#waiting = this.#waiting.filter(camera => camera.vehicleId !== id);
  }

  /** A list that cannot be read is none. */
  async #load(): Promise<ManualList> {
    const none: ManualList = { cameras: [], stoppedAt: null };
    const { tally, log, now } = this.#parts;
    try {
      const loaded = await this.#file.load(now());
      if (loaded.state === 'absent') return none;
      const list = loaded.state === 'read' ? shape.safeParse(loaded.value) : undefined;
      if (list?.success) return list.data;
      tally.add('record.manualUnreadable');
    } catch (thrown) {
      tally.add('record.manualUnreadable');
      log.warn({ error: String(thrown) }, 'the recordings that were begun by hand cannot be read');
    }
    return none;
  }

  /** @param stoppedAt when the program ends. Never rejects; equal lists are written once. */
  async save(running: readonly CameraKey[], stoppedAt: number | null = null): Promise<void> {
    const cameras = [...running, ...this.#waiting];
    const list = cameras.slice(0, maxCameras).map(({ vehicleId, channel, stream }) => ({ vehicleId, channel, stream }));
    const text = JSON.stringify({ cameras: list, stoppedAt } satisfies ManualList);
    if (text === this.#told) return;
    this.#told = text;
    try {
      await this.#file.saveText(() => text);
    } catch (thrown) {
      this.#told = '';
      this.#parts.tally.add('record.manualUnwritten');
      this.#parts.log.warn({ error: String(thrown) }, 'the recordings that were begun by hand cannot be written down');
    }
  }
}
