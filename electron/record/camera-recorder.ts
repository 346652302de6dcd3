import type { Clock } from '../clock.ts';
import type { CameraKey, ErrorCode, GapCause, GapReason, StreamStatus } from '../contract.ts';
import { ConvoyError, failure } from '../errors.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import { unitKind } from '../frames/nal.ts';
import type { StartInfo, Subscriber } from '../hub/subscriber.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { AudioLane, type EncoderRoom } from './audio-lane.ts';
import type { DiskGuard } from './disk-guard.ts';
import { FragmentCutter } from './fragment-cutter.ts';
import type { FrameGroup } from './memory-ring.ts';
import type { OpenSegment, SegmentStart } from './open-segment.ts';
import type { RecordedVehicle } from './recorded-vehicle.ts';
import type { RecordingFigures } from './recording-figures.ts';
import { diskError, type RecordingFiles } from './recording-files.ts';
import { isUnreadable, sameSequence } from './same-sequence.ts';
import type { SegmentLedger } from './segment-ledger.ts';
import { type FragmentDraft, SegmentWriter } from './segment-writer.ts';

/** Segments end with these steps of the wall clock. */
export const segmentMs = 5 * 60_000;
/** What waits for the next frame is written without it after this long: it would be lost when the program is killed. */
const flushMs = 1000;
/** The wall clock was set when it parts from the monotonic one by more between two frames. */
const jumpMs = 2000;
/** After a longer hole a new file begins. */
const holeMs = 5000;
/** Arrival and device time that part by more from one frame to the next have nothing to do with each other any more. */
const strangersMs = 30_000;
/** A shorter hole between frames is no gap of the footage. */
const gapMs = 1000;
/** A gap that lasts is told of again this often. */
const gapTellMs = 10_000;
/** Without a fragment on disk for this long it is waiting, not recording. */
const silentMs = 10_000;
const retryMinMs = 1000;
const retryMaxMs = 10_000;
const maxLeadUnits = 8;
/** Sound may come this much later than its picture; after that it is silence. */
const soundLateMs = 1500;

export interface CameraRecorderParts {
  readonly camera: CameraKey;
  /** As known now. */
  vehicle(): RecordedVehicle;
  readonly folder: string;
  readonly files: RecordingFiles;
  readonly ledger: SegmentLedger;
  readonly guard: DiskGuard;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  /** Bytes that may wait for the disk. */
  readonly queueBytes: number;
  readonly encoders: EncoderRoom;
  /** The feed ended by itself. */
  ended(code: ErrorCode): void;
}

/**
 * One camera to disk. A subscriber of the hub that takes every frame and never makes the hub wait: the disk works behind a
 * bounded queue, and frames that do not fit it are dropped up to the next key frame.
 *
 * A new file begins at a key frame: every five minutes of the clock, when the SPS or the codec changes, after the wall
 * clock was set, and after a hole of five seconds. Within a file, times are the device's; when it was, is arrival time.
 */
export class CameraRecorder implements Subscriber {
  readonly #parts: CameraRecorderParts;
  readonly #sound: AudioLane;
  #segment: OpenSegment | undefined;
  #closing = new Set<Promise<void>>();
  #start: StartInfo | undefined;
  #lead: Frame[] = [];
  #needsKey = true;
  #cutAtKey = false;
  #last: Frame | undefined;
  #clockOffset: number;
  #history: Set<Frame> | undefined;
  /** End of what was handed to the disk, ms since 1970, or when recording was asked for. */
  #coveredTo: number;
  #gapCause: GapCause = 'noMedia';
  #gapToldAt = 0;
  #isOffline = false;
  #bytes = 0;
  #frames = 0;
  #lastFrameAt = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #frameSeen: number;
  #retryAt = Number.NEGATIVE_INFINITY;
  #pauseMs = retryMinMs;
  #error: { code: ErrorCode; message: string } | undefined;
  #isOver = false;

  constructor(parts: CameraRecorderParts) {
    this.#parts = parts;
    this.#sound = new AudioLane({
      tally: parts.tally,
      log: parts.log,
      room: parts.encoders,
      facts: () => parts.vehicle(),
    });
    this.#coveredTo = parts.clock.now();
    this.#frameSeen = parts.clock.monotonic();
    this.#clockOffset = this.#coveredTo - this.#frameSeen;
  }

  /** How long the disk has kept this camera waiting, ms. */
  get lag(): number {
    return this.#segment?.writer.lag ?? 0;
  }

  figures(): RecordingFigures {
    const isSilent = this.#parts.clock.monotonic() - this.#writtenAt > silentMs;
    const phase = this.#isOver ? 'stopped' : this.#error ? 'failing' : isSilent ? 'waiting' : 'recording';
    return {
      phase,
      bytes: this.#bytes,
      frames: this.#frames,
      lastFrameAt: this.#lastFrameAt,
      error: this.#error,
      sound: this.#sound.figures,
    };
  }

  /** What was kept in memory before this recording began; to be called before it is subscribed. */
  remember(groups: readonly FrameGroup[]): void {
    const first = groups[0]?.frames[0];
    if (!first) return;
    this.#coveredTo = first.receivedAt;
    const seen = new Set<Frame>();
    for (const group of groups) {
      if (!group.follows) this.gap(0, 'loss');
      this.start(group.start);
      for (const frame of group.frames) {
        seen.add(frame);
        this.frame(frame, false);
      }
    }
    this.#history = seen;
  }

  status(status: StreamStatus): void {
    this.#isOffline = status.phase === 'offline';
    if (this.#isOffline) this.#gapCause = 'offline';
    else if (status.phase === 'lost' || status.phase === 'refused' || status.phase === 'stalled')
      this.#gapCause = 'noMedia';
  }

  start(info: StartInfo): void {
    const before = this.#start;
    // Noise within a stream: it goes on with what it had, and the file with it.
    if (before && isUnreadable(info) && before.codec === info.codec) return;
    this.#start = info;
    if (!before || sameSequence(before, info)) return;
    this.#cutAtKey = true;
    if (this.#error?.code === 'undecodable') this.#retryAt = Number.NEGATIVE_INFINITY;
  }

  frame(frame: Frame, cached: boolean): boolean {
    if (this.#isOver) return true;
    try {
      this.#take(frame, cached);
    } catch (thrown) {
      this.#parts.log.error({ error: String(thrown) }, 'recording a frame failed');
      const result = failure(thrown);
      this.#failed(this.#segment, new ConvoyError(result.ok ? 'internal' : result.code, String(thrown)));
    }
    return true;
  }

  audio(packet: AudioPacket): void {
    if (this.#isOver) return;
    this.#sound.add(packet);
    const segment = this.#segment;
    if (!segment || segment.hasAudio || segment.isFailed || !this.#sound.track) return;
    // A track can only be had from the beginning of a file.
    if (segment.isBegun) this.#cutAtKey = true;
    else {
      this.#close(segment);
      this.#segment = this.#open(segment);
    }
  }

  gap(_frames: number, reason: GapReason): void {
    this.#needsKey = true;
    this.#lead = [];
    this.#gapCause = this.#isOffline ? 'offline' : reason === 'restart' ? 'noMedia' : 'loss';
    this.#flush();
  }

  end(code: ErrorCode): void {
    this.#parts.ended(code);
  }

  /** To be called several times a second. */
  tick(): void {
    const { clock } = this.#parts;
    const now = clock.monotonic();
    if (this.#segment && this.#segment.cutter.frames > 0 && now - this.#frameSeen >= flushMs) this.#flush();
    if (now - this.#frameSeen < gapTellMs || now - this.#gapToldAt < gapTellMs || this.#isOver) return;
    this.#gapToldAt = now;
    this.#tellGap(clock.now());
  }

  /** Writes what waits and gives the file its name. Never rejects. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#endSegment();
    await Promise.all([...this.#closing, this.#sound.close()]);
  }

  #take(frame: Frame, cached: boolean): void {
    if (this.#history) {
      if (cached && this.#history.has(frame)) return;
      if (!cached) this.#history = undefined;
    }
    if (!frame.key) {
      if (unitKind(frame.data, frame.data.length, frame.codec, false) === 'sets') {
        if (this.#lead.length < maxLeadUnits) this.#lead.push(frame);
        return;
      }
      if (this.#needsKey || !this.#segment) {
        this.#lead = [];
        this.#parts.tally.add('record.noKeyFrame');
        return;
      }
    }
    const lead = this.#lead;
    this.#lead = [];
    this.#watchClock(frame);
    if (frame.key && !this.#begin(frame)) return;
    this.#last = frame;
    this.#frameSeen = this.#parts.clock.monotonic();
    const { cutter } = this.#segment!;
    const draft = cutter.add(frame, lead);
    if (!draft || this.#hand(draft)) return;
    if (frame.key) this.#tellGap(frame.receivedAt);
    else {
      cutter.discard();
      this.#needsKey = true;
    }
  }

  /** The clock was set: what follows belongs into another file, from its next key frame on. */
  #watchClock(frame: Frame): void {
    const { clock } = this.#parts;
    const offset = clock.now() - clock.monotonic();
    const wasSet = Math.abs(offset - this.#clockOffset) >= jumpMs;
    this.#clockOffset = offset;
    if (!this.#last || this.#needsKey || !(wasSet || parted(this.#last, frame) >= strangersMs)) return;
    this.#cutAtKey = true;
    this.#gapCause = 'clock';
    this.#parts.tally.add('record.clockJump');
  }

  /** @returns false when the frame cannot be recorded now */
  #begin(frame: Frame): boolean {
    const { clock, guard, tally } = this.#parts;
    const segment = this.#segment;
    if (segment && this.#isAnother(segment, frame)) this.#endSegment();
    if (!this.#segment && (clock.monotonic() < this.#retryAt || !guard.mayTry)) {
      tally.add('record.diskDropped');
      if (!guard.mayTry) this.#gapCause = 'disk';
      this.#needsKey = true;
      return false;
    }
    if (!this.#start) return false;
    if (this.#needsKey || !this.#segment) this.#tellGap(frame.receivedAt);
    this.#needsKey = false;
    if (this.#segment) return true;
    this.#cutAtKey = false;
    const { ptsMs: basePtsMs, receivedAt: from } = frame;
    this.#segment = this.#open({ cutter: new FragmentCutter(basePtsMs), start: this.#start, from, basePtsMs });
    return true;
  }

  #isAnother(segment: OpenSegment, frame: Frame): boolean {
    if (segment.isFailed || this.#cutAtKey || segment.start.codec !== frame.codec) return true;
    if (Math.floor(frame.receivedAt / segmentMs) !== Math.floor(segment.from / segmentMs)) return true;
    const last = this.#last;
    if (!last || !this.#needsKey) return false;
    // A source that returns counts from anywhere.
    return frame.receivedAt - last.receivedAt >= holeMs || frame.ptsMs < last.ptsMs || parted(last, frame) >= gapMs;
  }

  #open({ cutter, start, from, basePtsMs }: SegmentStart): OpenSegment {
    const { camera, folder, files, ledger, guard, clock, queueBytes, log } = this.#parts;
    const { headerId, plate } = this.#parts.vehicle();
    const audio = this.#sound.track;
    this.#sound.restart();
    const segment: OpenSegment = {
      writer: new SegmentWriter({
        folder,
        origin: { ...camera, headerId, plate, from },
        start,
        audio,
        files,
        ledger,
        clock,
        confirmFolder: () => guard.confirm(),
        after: Promise.all(this.#closing),
        queueBytes,
        written: (draft, fileBytes) => this.#written(segment, draft, fileBytes),
        failed: error => this.#failed(segment, error),
      }),
      cutter,
      start,
      from,
      basePtsMs,
      hasAudio: audio !== undefined,
      isBegun: false,
      bytes: 0,
      isFailed: false,
    };
    log.debug({ ...camera, from: segment.from }, 'segment begins');
    return segment;
  }

  /** @returns false when the disk is too far behind: the fragment is lost, and counted */
  #hand(pictures: FragmentDraft): boolean {
    const segment = this.#segment!;
    const draft = segment.hasAudio ? this.#withSound(pictures, segment) : pictures;
    if (!segment.isFailed && segment.writer.add(draft)) {
      segment.isBegun = true;
      this.#coveredTo = draft.at + draft.durationMs;
      return true;
    }
    this.#parts.tally.add('record.diskBehind');
    this.#parts.tally.add('record.diskBehindFrames', draft.video.samples.length);
    this.#gapCause = 'disk';
    return false;
  }

  #withSound(draft: FragmentDraft, segment: OpenSegment): FragmentDraft {
    this.#sound.fill(segment.basePtsMs + draft.shownMs + draft.durationMs - soundLateMs);
    return { ...draft, audio: this.#sound.take(segment.basePtsMs) };
  }

  #flush(): void {
    const draft = this.#segment?.cutter.flush();
    if (draft && !this.#hand(draft)) this.#needsKey = true;
  }

  #endSegment(): void {
    const segment = this.#segment;
    if (!segment) return;
    this.#flush();
    this.#segment = undefined;
    this.#close(segment);
  }

  #close(segment: OpenSegment): void {
    const closing = segment.writer.close().then(() => {
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }

  #written(segment: OpenSegment, draft: FragmentDraft, fileBytes: number): void {
    this.#bytes += fileBytes - segment.bytes;
    segment.bytes = fileBytes;
    this.#frames += draft.video.samples.length;
    this.#lastFrameAt = Math.max(this.#lastFrameAt, draft.at + draft.durationMs);
    this.#writtenAt = this.#parts.clock.monotonic();
    this.#pauseMs = retryMinMs;
    this.#error = undefined;
    this.#parts.guard.wrote();
  }

  #failed(segment: OpenSegment | undefined, error: ConvoyError): void {
    const { clock, guard, log, camera } = this.#parts;
    if (segment) segment.isFailed = true;
    if (error.code !== 'undecodable' && error.code !== 'internal') guard.failed(diskError(error));
    log.warn({ ...camera, code: error.code, message: error.message }, 'recording failed, tried again');
    this.#error = { code: error.code, message: error.message };
    this.#needsKey = true;
    this.#gapCause = error.code === 'undecodable' ? 'noMedia' : 'disk';
    if (this.#lastFrameAt > 0) this.#coveredTo = Math.min(this.#coveredTo, this.#lastFrameAt);
    this.#retryAt = clock.monotonic() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, retryMaxMs);
    if (segment && segment === this.#segment) this.#endSegment();
  }

  #tellGap(to: number): void {
    const from = this.#coveredTo;
    const { ledger, camera } = this.#parts;
    if (to - from >= gapMs) ledger.gap(camera, { from, to, cause: this.#gapCause });
  }
}

/** How far the wall clock and the device's moved apart from one frame to another, ms. */
function parted(a: Frame, b: Frame): number {
  return Math.abs(b.receivedAt - a.receivedAt - (b.ptsMs - a.ptsMs));
}
