import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Notice } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { Archive } from './archive.ts';
import { BookmarkFile } from './bookmark-file.ts';
import { Catalogue } from './catalogue.ts';
import { CatalogueScan } from './catalogue-scan.ts';
import { GapFiller } from './gap-filler.ts';
import { JourneyLog } from './journey-log.ts';
import { diskFiles } from './recording-files.ts';
import { Retention, type RetentionSettings } from './retention.ts';

const journeyMs = 1000;
const sweepMs = 10_000;

export interface ShelfParts {
  /** The recordings folder. */
  readonly folder: string;
  readonly dataDir: string;
  readonly settings: RetentionSettings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
}

/** The catalogue with everything that needs one: looking back, bookmarks, journeys, retention, mending. */
export class Shelf {
  readonly catalogue: Catalogue;
  readonly archive: Archive;
  readonly journey: JourneyLog;
  readonly gapFiller: GapFiller;
  readonly #parts: ShelfParts;
  readonly #retention: Retention;
  readonly #scan: CatalogueScan;
  readonly #bookmarkFile: BookmarkFile;
  readonly #cancel: (() => void)[] = [];
  #rebuilding: Promise<void> = Promise.resolve();
  #savingBookmarks: Promise<void> = Promise.resolve();

  /** @throws ConvoyError catalogueUnavailable */
  constructor(parts: ShelfParts) {
    this.#parts = parts;
    const { folder, dataDir, settings, clock, tally, log, notice } = parts;
    const now = () => clock.now();
    const catalogue = Catalogue.open({
      path: join(dataDir, 'catalogue.db'),
      ...{ clock, tally, log },
      faultChanged: fault => {
        if (fault) notice('error', 'catalogueUnavailable', { reason: fault.message });
      },
    });
    this.catalogue = catalogue;
    this.gapFiller = new GapFiller(catalogue);
    const journey = new JourneyLog({ catalogue, tally, now });
    this.journey = journey;
    const freeBytes = () => diskFiles.freeBytes(folder).catch(() => undefined);
    this.#retention = new Retention({ ...{ catalogue, folder, settings, tally, log, now }, freeBytes });
    this.#scan = new CatalogueScan({ catalogue, folder, tally, log, now });
    this.#bookmarkFile = new BookmarkFile({ dataDir, tally, log, now });
    this.archive = new Archive({
      ...{ catalogue, journey, folder, now },
      bookmarksChanged: () => {
        this.#savingBookmarks = this.#bookmarkFile.save(this.archive.bookmarks);
      },
    });
  }

  /** Before anything is recorded: closes what a crash left open. The rest goes on meanwhile. Never rejects. */
  async open(): Promise<void> {
    const { clock, notice } = this.#parts;
    const { result } = this.#scan;
    if (this.catalogue.setAside) notice('warning', 'storeDamaged', { file: this.catalogue.setAside });
    await this.#bookmarkFile.restore(this.archive.bookmarks);
    await this.#scan.mend().catch((thrown: unknown) => this.#scanFailed(thrown));
    if (result.mended > 0) notice('warning', 'recordingsMended', { count: result.mended });
    if (result.missing > 0) notice('warning', 'recordingsMissing', { count: result.missing });
    this.#rebuilding = this.#scan.addUnknown().then(
      () => {
        if (result.added > 0) notice('info', 'recordingsFound', { count: result.added });
      },
      (thrown: unknown) => this.#scanFailed(thrown),
    );
    this.#cancel.push(
      clock.every(journeyMs, () => this.journey.flush()),
      clock.every(sweepMs, () => void this.sweep()),
    );
  }

  /** Makes room where there is too little. Never rejects. */
  async sweep(): Promise<void> {
    const { tally, log } = this.#parts;
    try {
      const deleted = await this.#retention.sweep();
      if (deleted > 0) log.info({ files: deleted }, 'old recordings deleted');
    } catch (thrown) {
      tally.add('retention.failed');
      log.error({ error: String(thrown) }, 'old recordings could not be deleted');
    }
  }

  /** No more housekeeping; to be awaited before `close`. */
  async rest(): Promise<void> {
    for (const cancel of this.#cancel.splice(0)) cancel();
    this.#scan.stop();
    await Promise.all([this.#rebuilding, this.#retention.idle(), this.#savingBookmarks]);
  }

  /** After the last recording has told of its end. */
  close(): void {
    this.journey.flush();
    this.catalogue.close();
  }

  #scanFailed(thrown: unknown): void {
    this.#parts.tally.add('scan.failed');
    this.#parts.log.error({ error: String(thrown) }, 'the recordings folder could not be gone through');
  }
}
