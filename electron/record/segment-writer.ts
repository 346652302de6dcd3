import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { AacTrack } from '../codec/audio/adts.ts';
import { ConvoyError } from '../errors.ts';
import type { StartInfo } from '../hub/subscriber.ts';
import { fragmentBoxes, type SampleRun } from './fragment-box.ts';
import { makeInitSegment, type SegmentOrigin } from './init-segment.ts';
import { diskError, type RecordingFile, type RecordingFiles } from './recording-files.ts';
import type { SegmentLedger } from './segment-ledger.ts';
import { finishedName, segmentFolder, segmentStem, writingName } from './segment-name.ts';

/** Names tried for one file: as many segments may begin within a second. */
const mostAttempts = 100;

/** What is to be written as one `moof` and `mdat`. */
export interface FragmentDraft {
  readonly video: SampleRun;
  readonly audio: SampleRun | undefined;
  /** Arrival of its first frame, ms since 1970. */
  readonly at: number;
  /** Media time from which on its pictures are shown, ms; decoding may begin earlier. */
  readonly shownMs: number;
  readonly durationMs: number;
  /** Of the frames, as they came. */
  readonly bytes: number;
  /** Begins with a key frame: else it goes on with the run before it. */
  readonly isRunStart: boolean;
}

export interface SegmentWriterParts {
  /** The recordings folder. */
  readonly folder: string;
  readonly origin: SegmentOrigin;
  readonly start: StartInfo;
  readonly audio: AacTrack | undefined;
  readonly files: RecordingFiles;
  readonly ledger: SegmentLedger;
  readonly clock: Clock;
  /** The folder is there, on its own disk. @throws ConvoyError folderGone */
  confirmFolder(): Promise<void>;
  /** The camera's file before this one has its name: the ledger hears of one after the other. */
  readonly after: Promise<unknown>;
  /** Bytes that may wait for the disk. */
  readonly queueBytes: number;
  /** A fragment is on disk. */
  written(draft: FragmentDraft, fileBytes: number): void;
  /** Once; nothing is written afterwards. `undecodable`: the stream fits no MP4. */
  failed(error: ConvoyError): void;
}

/**
 * One file, fragment by fragment. The disk's work is queued behind one another and never awaited by who adds; what waits
 * is bounded. A finished fragment is a write of its own, so that a program killed at any moment leaves a file
 * that plays up to its last fragment. The last name is given at the end.
 */
export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  readonly #stemPath: string;
  #work: Promise<unknown>;
  #waitingBytes = 0;
  #waitingSince = 0;
  #file: RecordingFile | undefined;
  #name = '';
  #stem = '';
  #id: number | undefined;
  #initBytes = 0;
  #mime = '';
  #fileBytes = 0;
  #sequence = 0;
  #frames = 0;
  #to = 0;
  #runOffset = 0;
  #run = { at: 0, mediaMs: 0, durationMs: 0, frames: 0 };
  #isOver = false;
  #isFailed = false;

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
    this.#work = parts.after;
    this.#stemPath = segmentFolder(parts.origin);
    this.#queue(() => this.#open());
  }

  /** How long the oldest write has been waiting for the disk, ms. */
  get lag(): number {
    return this.#waitingSince === 0 ? 0 : this.#parts.clock.monotonic() - this.#waitingSince;
  }

  /** @returns false when too much waits for the disk already: the fragment was not taken */
  add(draft: FragmentDraft): boolean {
    if (this.#isOver || this.#isFailed) return false;
    if (this.#waitingBytes > 0 && this.#waitingBytes + draft.bytes > this.#parts.queueBytes) return false;
    this.#waitingBytes += draft.bytes;
    this.#queue(async () => {
      this.#waitingBytes -= draft.bytes;
      if (!this.#isFailed) await this.#write(draft);
    });
    return true;
  }

  /** Resolves when the file has its name, or has been given up. Never rejects. */
  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#queue(() => this.#finish());
    }
    await this.#work;
  }

  #queue(task: () => Promise<void>): void {
    if (this.#waitingSince === 0) this.#waitingSince = this.#parts.clock.monotonic();
    const work = this.#work.then(async () => {
      this.#waitingSince = this.#parts.clock.monotonic();
      try {
        await task();
      } catch (thrown) {
        await this.#fail(diskError(thrown));
      }
      if (work === this.#work) this.#waitingSince = 0;
    });
    this.#work = work;
  }

  async #open(): Promise<void> {
    const { folder, files, origin, start, audio } = this.#parts;
    const init = await makeInitSegment(start, audio, origin).catch(thrown => {
      throw new ConvoyError('undecodable', thrown instanceof Error ? thrown.message : String(thrown));
    });
    if (!init) throw new ConvoyError('undecodable', `${start.codec} ${start.width}x${start.height}`);
    await this.#parts.confirmFolder();
    await files.makeFolder(join(folder, this.#stemPath));
    for (let attempt = 0; !this.#file; attempt++) {
      this.#stem = segmentStem(origin, attempt);
      this.#name = `${this.#stemPath}/${writingName(this.#stem)}`;
      try {
        this.#file = await files.create(join(folder, this.#name));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || attempt >= mostAttempts) throw thrown;
      }
    }
    await this.#file.append(init.bytes);
    this.#initBytes = init.bytes.length;
    this.#fileBytes = init.bytes.length;
    this.#mime = init.mime;
  }

  async #write(draft: FragmentDraft): Promise<void> {
    const bytes = fragmentBoxes(++this.#sequence, draft.video, draft.audio);
    await this.#file!.append(bytes);
    const offset = this.#fileBytes;
    this.#fileBytes += bytes.length;
    const frames = draft.video.samples.length;
    this.#frames += frames;
    const mediaMs = draft.shownMs;
    if (draft.isRunStart) {
      this.#runOffset = offset;
      this.#run = { at: draft.at, mediaMs, durationMs: 0, frames: 0 };
    }
    this.#run.durationMs = mediaMs + draft.durationMs - this.#run.mediaMs;
    this.#run.frames += frames;
    this.#to = Math.max(this.#to, draft.at + draft.durationMs);
    this.#tell();
    this.#parts.written(draft, this.#fileBytes);
  }

  #tell(): void {
    const { ledger, origin, start, audio } = this.#parts;
    this.#id ??= ledger.opened({
      vehicleId: origin.vehicleId,
      channel: origin.channel,
      stream: origin.stream,
      headerId: origin.headerId,
      plate: origin.plate,
      from: origin.from,
      codec: start.codec,
      width: start.width,
      height: start.height,
      hasAudio: audio !== undefined,
      file: this.#name,
      initBytes: this.#initBytes,
      mime: this.#mime,
    });
    ledger.fragment(this.#id, { ...this.#run, offset: this.#runOffset, bytes: this.#fileBytes - this.#runOffset });
  }

  async #finish(): Promise<void> {
    if (this.#isFailed) return;
    await this.#file?.close();
    this.#file = undefined;
    const { folder, files } = this.#parts;
    if (this.#id === undefined) {
      await files.remove(join(folder, this.#name));
      return;
    }
    await this.#giveName();
    this.#tellClosed('complete');
  }

  async #giveName(): Promise<void> {
    const { folder, files } = this.#parts;
    for (let attempt = 0; attempt <= mostAttempts; attempt++) {
      const stem = attempt > 0 ? `${this.#stem}.${attempt}` : this.#stem;
      const name = `${this.#stemPath}/${finishedName(stem, this.#to)}`;
      if (await files.exists(join(folder, name))) continue;
      await files.rename(join(folder, this.#name), join(folder, name));
      this.#name = name;
      return;
    }
  }

  #tellClosed(state: 'complete' | 'mended'): void {
    if (this.#id === undefined) return;
    const { ledger } = this.#parts;
    ledger.closed(this.#id, { to: this.#to, bytes: this.#fileBytes, frames: this.#frames, file: this.#name, state });
  }

  /** Leaves what is whole on disk, if the disk still lets it, and says so. */
  async #fail(error: ConvoyError): Promise<void> {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#waitingBytes = 0;
    this.#parts.failed(error);
    const { folder, files } = this.#parts;
    const file = this.#file;
    this.#file = undefined;
    try {
      await file?.truncate(this.#fileBytes);
      await file?.close();
      if (this.#id !== undefined) await this.#giveName();
      else if (file) await files.remove(join(folder, this.#name));
    } catch {
      // The disk that failed fails again: the file keeps the name of one being written, and the next start mends it.
    }
    this.#tellClosed('mended');
  }
}
