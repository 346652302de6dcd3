import type { CameraKey, FragmentRow, SegmentRow } from '../contract.ts';
import type { Frame } from '../frames/frame.ts';
import type { StartInfo } from '../hub/subscriber.ts';
import { fragmentBoxes, fragmentBytes } from './fragment-box.ts';
import { FragmentCutter } from './fragment-cutter.ts';
import { type InitSegment, makeInitSegment } from './init-segment.ts';
import type { FragmentDraft } from './segment-writer.ts';

/** Place on the wall clock and media time may part by this much (ms) before what follows is placed anew. */
const jitterMs = 600;

interface Piece {
  readonly draft: FragmentDraft;
  /** From the first piece there ever was; the header is not counted. */
  readonly offset: number;
  readonly bytes: number;
  readonly sequence: number;
}

/** A run of pieces of which the first begins with a key frame. */
interface Run {
  readonly at: number;
  readonly pieces: Piece[];
  frames: number;
  /** Of the frames that it holds on to. */
  heldBytes: number;
}

/**
 * A recording that is never written: pictures of one sequence in memory, addressed like a file, so that whoever plays files
 * plays it as well. It holds the frames themselves; bytes are made of them when they are asked for. Its oldest runs go, and
 * their addresses are not given again.
 */
export class MemoryReel {
  readonly id: number;
  readonly start: StartInfo;
  readonly #camera: CameraKey;
  readonly #from: number;
  readonly #basePtsMs: number;
  readonly #cutter: FragmentCutter;
  readonly #runs: Run[] = [];
  #init: Promise<InitSegment | undefined> | undefined;
  #initBytes = 0;
  #end = 0;
  #sequence = 0;
  #offsetMs = Number.NaN;
  #last: Frame;
  heldBytes = 0;
  /** Nothing is added any more. */
  isEnded = false;

  constructor(id: number, camera: CameraKey, start: StartInfo, first: Frame) {
    this.id = id;
    this.start = start;
    this.#camera = camera;
    this.#from = first.receivedAt;
    this.#basePtsMs = first.ptsMs;
    this.#cutter = new FragmentCutter(first.ptsMs);
    this.#last = first;
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** Arrival of its oldest picture, ms since 1970; undefined when there is none. */
  get oldestAt(): number | undefined {
    return this.#runs[0]?.at;
  }

  get last(): Frame {
    return this.#last;
  }

  /** Media time of a frame lies before what is here already. */
  isBehind(frame: Frame): boolean {
    return frame.ptsMs < this.#last.ptsMs || frame.ptsMs < this.#basePtsMs;
  }

  add(frame: Frame, lead: readonly Frame[]): void {
    this.#last = frame;
    const draft = this.#cutter.add(frame, lead);
    if (draft) this.#keep(draft);
  }

  /** What waits for its successor can be had from now on as well. */
  flush(): void {
    const draft = this.#cutter.flush();
    if (draft) this.#keep(draft);
  }

  end(): void {
    this.flush();
    this.isEnded = true;
  }

  /** @returns false when there was none */
  dropOldestRun(): boolean {
    const run = this.#runs.shift();
    this.heldBytes -= run?.heldBytes ?? 0;
    return run !== undefined;
  }

  /** Bytes that its oldest run would free. */
  get oldestRunBytes(): number {
    return this.#runs[0]?.heldBytes ?? 0;
  }

  /** Drops runs of which the next one begins at or before `at`. */
  dropBefore(at: number): void {
    while (this.#runs.length > 1 && this.#runs[1]!.at <= at) this.dropOldestRun();
    const last = this.#runs.length === 1 ? this.#runs[0]!.pieces.at(-1)!.draft : undefined;
    if (this.isEnded && last && last.at + last.durationMs <= at) this.dropOldestRun();
  }

  /** As the player of recordings wants it; undefined for a codec that MP4 does not carry. */
  async list(): Promise<{ initBytes: number; mime: string; fragments: FragmentRow[] } | undefined> {
    const { vehicleId, channel, stream } = this.#camera;
    const origin = { vehicleId, channel, stream, headerId: vehicleId, plate: '', from: this.#from };
    this.#init ??= makeInitSegment(this.start, undefined, origin).catch(() => undefined);
    const init = await this.#init;
    if (!init) return undefined;
    this.#initBytes = init.bytes.length;
    const fragments = this.#runs.map(({ at, pieces, frames }): FragmentRow => {
      const [first, last] = [pieces[0]!, pieces.at(-1)!];
      const mediaMs = first.draft.shownMs;
      return {
        at,
        mediaMs,
        durationMs: last.draft.shownMs + last.draft.durationMs - mediaMs,
        offset: this.#initBytes + first.offset,
        bytes: last.offset + last.bytes - first.offset,
        frames,
      };
    });
    return { initBytes: this.#initBytes, mime: init.mime, fragments };
  }

  /** As a list of recordings has it; undefined while there is nothing. */
  row(): SegmentRow | undefined {
    const [first, last] = [this.#runs[0], this.#runs.at(-1)];
    if (!first || !last) return undefined;
    const { draft } = last.pieces.at(-1)!;
    const { vehicleId, channel, stream } = this.#camera;
    const { codec, width, height } = this.start;
    return {
      ...{ id: this.id, vehicleId, channel, stream, headerId: vehicleId, plate: '' },
      from: first.at,
      to: last.at + draft.shownMs + draft.durationMs - last.pieces[0]!.draft.shownMs,
      bytes: this.heldBytes,
      frames: this.#runs.reduce((sum, run) => sum + run.frames, 0),
      state: this.isEnded ? 'complete' : 'writing',
      ...{ codec, width, height, hasAudio: false, isProtected: false, file: '' },
    };
  }

  /** Header and pieces as one range of addresses; what `gone` names of it cannot be read any more. Known after `list`. */
  get extent(): { bytes: number; gone: { from: number; to: number } } {
    const first = this.#runs[0]?.pieces[0]?.offset ?? this.#end;
    return {
      bytes: this.#initBytes + this.#end,
      gone: { from: this.#initBytes, to: this.#initBytes + first },
    };
  }

  /** Bytes `from` to `to` (not included), as far as they are there. */
  async read(from: number, to: number): Promise<Uint8Array> {
    const init = await this.#init;
    const parts: Uint8Array[] = [];
    if (init && from < init.bytes.length) parts.push(init.bytes.subarray(from, to));
    for (const { pieces } of this.#runs)
      for (const { draft, offset, bytes, sequence } of pieces) {
        const begin = this.#initBytes + offset;
        if (begin >= to || begin + bytes <= from) continue;
        const boxes = fragmentBoxes(sequence, draft.video, undefined);
        parts.push(boxes.subarray(Math.max(0, from - begin), Math.min(bytes, to - begin)));
      }
    return Buffer.concat(parts);
  }

  #keep(draft: FragmentDraft): void {
    const bytes = fragmentBytes(draft.video, undefined);
    const piece = { draft, offset: this.#end, bytes, sequence: ++this.#sequence };
    this.#end += bytes;
    const run = this.#runs.at(-1);
    if (draft.isRunStart || !run) {
      const own = draft.at - draft.shownMs;
      if (!(Math.abs(own - this.#offsetMs) <= jitterMs)) this.#offsetMs = own;
      if (!draft.isRunStart) return;
      const at = this.#offsetMs + draft.shownMs;
      this.#runs.push({ at, pieces: [piece], frames: draft.video.samples.length, heldBytes: draft.bytes });
    } else {
      run.pieces.push(piece);
      run.frames += draft.video.samples.length;
      run.heldBytes += draft.bytes;
    }
    this.heldBytes += draft.bytes;
  }
}
