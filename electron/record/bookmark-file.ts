import { join } from 'node:path';
import { z } from 'zod';
import { streamKinds } from '../contract.ts';
import { JsonFile } from '../json-file.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import type { Bookmarks } from './bookmarks.ts';

const shape = z.object({
  from: z.number(),
  to: z.number(),
  cameras: z.array(z.object({ vehicleId: z.string(), channel: z.int(), stream: z.enum(streamKinds) })),
  note: z.string(),
  isProtected: z.boolean(),
  createdAt: z.number(),
});

export interface BookmarkFileParts {
  readonly dataDir: string;
  readonly tally: Tally;
  readonly log: Log;
  now(): number;
}

/**
 * Bookmarks once more, as `bookmarks.json`: files say again what was recorded, but not what a person marked, and evidence
 * must not lose its protection with the catalogue.
 */
export class BookmarkFile {
  readonly #parts: BookmarkFileParts;
  readonly #file: JsonFile;

  constructor(parts: BookmarkFileParts) {
    this.#parts = parts;
    this.#file = new JsonFile(join(parts.dataDir, 'bookmarks.json'));
  }

  /** Gives an empty catalogue its bookmarks back. Never rejects. @returns how many */
  async restore(bookmarks: Bookmarks): Promise<number> {
    const { tally, log, now } = this.#parts;
    try {
      const loaded = await this.#file.load(now());
      if (loaded.state !== 'read' || !Array.isArray(loaded.value)) return 0;
      const rows = loaded.value.flatMap(row => shape.safeParse(row).data ?? []);
      return bookmarks.restore(rows);
    } catch (thrown) {
      tally.add('bookmarks.unreadable');
      log.warn({ error: String(thrown) }, 'bookmarks.json cannot be read');
      return 0;
    }
  }

  /** Resolves when it is written, or failed to be. */
  async save(bookmarks: Bookmarks): Promise<void> {
    try {
      await this.#file.saveText(() => JSON.stringify(bookmarks.list()));
    } catch (thrown) {
      this.#parts.tally.add('bookmarks.unwritable');
      this.#parts.log.warn({ error: String(thrown) }, 'bookmarks.json cannot be written');
    }
  }
}
