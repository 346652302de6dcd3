import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { type Notice, storages, storedMedia, storedStreams, uploadConditions } from '../../contract.ts';
import { JsonFile } from '../../json-file.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import type { UploadOrder, UploadState } from './upload.ts';

const time = z.number().min(0);
const secret = z.string().regex(/^[A-Za-z0-9]{8,16}$/);
const bits = z.int().min(0).max(0xffffffff);
const keptShape = z.object({
  id: z.string().regex(/^u[0-9a-z]{1,16}-\d{1,6}$/),
  vehicleId: z.string().regex(/^[\w-]{1,40}$/),
  channel: z.int().min(1).max(255),
  from: time,
  to: time,
  media: z.enum(storedMedia),
  stream: z.enum(storedStreams),
  storage: z.enum(storages),
  conditions: z.array(z.enum(uploadConditions)),
  alarms: bits.exactOptional(),
  videoAlarms: bits.exactOptional(),
  startedAt: time,
  expectedBytes: time,
  user: secret,
  password: secret,
  phase: z.enum(['asked', 'accepted', 'transferring', 'paused', 'done', 'failed', 'cancelled']),
  serial: z.int().min(-1).max(65535),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

export interface KeptUploadsParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
}

/** `uploads.json` in the data folder: every upload with its account, so that a vehicle may go on after a restart. */
export class KeptUploads {
  readonly #parts: KeptUploadsParts;
  readonly #file: JsonFile;

  constructor(parts: KeptUploadsParts) {
    this.#parts = parts;
    this.#file = new JsonFile(join(parts.dataDir, 'uploads.json'));
  }

  /** What was under way counts as asked for. @throws the file system's error */
  async load(): Promise<{ order: UploadOrder; state: UploadState }[]> {
    const { clock, tally, notice } = this.#parts;
    const loaded = await this.#file.load(clock.now());
    if (loaded.state === 'damaged') notice('warning', 'storeDamaged', { file: loaded.setAside });
    if (loaded.state !== 'read' || !Array.isArray(loaded.value)) return [];
    return loaded.value.flatMap(kept => {
      const read = keptShape.safeParse(kept);
      if (!read.success) {
        tally.add('upload.taskRejected');
        return [];
      }
      const { phase, serial, error, ...order } = read.data;
      const isRunning = phase === 'accepted' || phase === 'transferring';
      const state: UploadState = { phase: isRunning ? 'asked' : phase, serial };
      if (error) state.error = error as NonNullable<UploadState['error']>;
      return [{ order, state }];
    });
  }

  /** Never rejects. */
  async save(rows: () => readonly (UploadOrder & UploadState)[]): Promise<void> {
    const { tally, log } = this.#parts;
    try {
      await this.#file.saveText(() => JSON.stringify(rows()));
    } catch (thrown) {
      tally.add('upload.tasksUnwritable');
      log.error({ error: String(thrown) }, 'the list of uploads cannot be written');
    }
  }
}
