import type { Clock } from '../clock.ts';
import type { CameraKey, RecordingCause, RecordingRow, Result } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Subscriber, Subscription } from '../hub/subscriber.ts';
import type { Log } from '../log.ts';
import { type StreamKey, streamName } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import type { EncoderRoom } from './audio-lane.ts';
import { CameraRecorder } from './camera-recorder.ts';
import { type DiskFault, DiskGuard } from './disk-guard.ts';
import { MemoryRing, type RingLimits } from './memory-ring.ts';
import type { RecordedVehicle } from './recorded-vehicle.ts';
import type { RecordingFiles } from './recording-files.ts';
import type { SegmentLedger } from './segment-ledger.ts';

const tickMs = 250;
/** Figures of a running recording are told this often. */
const figuresMs = 1000;
/** A feed that ended under a running recording is subscribed to again after this long. */
const againMs = 2000;

/** Cameras whose sound is encoded at once: each takes a thread, about 20 MB and 6 ms of a second. */
const mostEncoders = 16;

export interface RecorderLimits extends RingLimits {
  /** Bytes of one camera that may wait for the disk. */
  readonly recordQueueBytes: number;
}

export interface RecorderParts {
  readonly folder: string;
  readonly files: RecordingFiles;
  readonly ledger: SegmentLedger;
  readonly hub: { subscribe(key: StreamKey, subscriber: Subscriber): Subscription };
  /** What is known of a vehicle now. */
  vehicle(vehicleId: string): RecordedVehicle | undefined;
  readonly settings: RecorderLimits;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  /** A recording began, changed, or is over (phase `stopped`, the last word on it). */
  changed(row: RecordingRow): void;
  /** `fault` came, changed, or went. */
  faultChanged(fault: DiskFault | undefined): void;
}

interface Recording {
  readonly id: string;
  readonly camera: CameraKey;
  readonly causes: Set<RecordingCause>;
  readonly startedAt: number;
  readonly recorder: CameraRecorder;
  subscription: Subscription | undefined;
  /** Monotonic; when to subscribe again. */
  againAt: number;
  toldAt: number;
  told: string;
}

interface Armed {
  readonly ring: MemoryRing;
  subscription: Subscription;
}

/**
 * Supervises the recordings: one for each camera however many causes hold it, from the first cause until the last has
 * gone, also while the vehicle is away. Keeps rings of memory for cameras whose recording is to begin before its cause.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #guard: DiskGuard;
  readonly #recordings = new Map<string, Recording>();
  readonly #armed = new Map<string, Armed>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #cancel: () => void;
  #encoders = 0;
  #count = 0;
  #isClosed = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    const { folder, files, clock, tally, log } = parts;
    this.#guard = new DiskGuard({
      folder,
      files,
      clock,
      tally,
      log,
      lag: () => this.#lag(),
      isWanted: () => this.#recordings.size > 0,
      changed: () => parts.faultChanged(this.#guard.fault),
    });
    this.#cancel = clock.every(tickMs, () => this.#tick());
  }

  /** What keeps recordings from the disk now. */
  get fault(): DiskFault | undefined {
    return this.#guard.fault;
  }

  /** Bytes, as of the last look; 0 when not known. */
  get freeBytes(): number {
    return this.#guard.freeBytes;
  }

  /** Makes the folder. A folder that cannot be had is a fault, not an error: it is tried again. */
  open(): Promise<void> {
    return this.#guard.open();
  }

  rows(): RecordingRow[] {
    return [...this.#recordings.values()].map(row);
  }

  find(id: string): RecordingRow | undefined {
    const recording = this.#byId(id);
    return recording && row(recording);
  }

  /**
   * Records for a cause; a camera that is recorded already gets one more.
   * @param since ms since 1970: begins with what a ring holds from there on
   */
  hold(camera: CameraKey, cause: RecordingCause, since?: number): Result<RecordingRow> {
    if (this.#isClosed) return fail('shuttingDown');
    if (!this.#parts.vehicle(camera.vehicleId)) return fail('unknownTerminal', camera.vehicleId);
    const name = nameOf(camera);
    const recording = this.#recordings.get(name) ?? this.#begin(name, camera, since);
    recording.causes.add(cause);
    this.#tell(recording);
    return { ok: true, value: row(recording) };
  }

  /** Takes a cause away; with its last one a recording ends. @returns its row, undefined when nothing is recorded there */
  release(camera: CameraKey, cause: RecordingCause): RecordingRow | undefined {
    const recording = this.#recordings.get(nameOf(camera));
    if (!recording) return undefined;
    recording.causes.delete(cause);
    if (recording.causes.size === 0) this.#end(recording);
    else this.#tell(recording);
    return row(recording);
  }

  /** Ends the manual cause of a recording. */
  stop(id: string): Result<RecordingRow> {
    const recording = this.#byId(id);
    const ended = recording && this.release(recording.camera, 'manual');
    return ended ? { ok: true, value: ended } : fail('unknownRecording', id);
  }

  /** Resolves when the files of recordings that were ended by now have their names. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#stopping);
  }

  /** Ends every recording of a vehicle that is no longer known. */
  forget(vehicleId: string): void {
    for (const recording of [...this.#recordings.values()])
      if (recording.camera.vehicleId === vehicleId) this.#end(recording);
    for (const [name, armed] of [...this.#armed])
      if (name.startsWith(`${vehicleId}_`)) {
        armed.subscription.close();
        this.#armed.delete(name);
      }
  }

  /**
   * Writes footage that is no live stream. It is not among the rows, and ends when it is stopped.
   * @param clock tells the footage's own time
   * @param ledger hears of its segments
   */
  footageWriter(camera: CameraKey, clock: Clock, ledger: SegmentLedger): CameraRecorder {
    const { folder, files, tally, log, settings, vehicle } = this.#parts;
    return new CameraRecorder({
      ...{ camera, folder, files, ledger, clock, tally, log },
      vehicle: () => vehicle(camera.vehicleId) ?? { headerId: camera.vehicleId, plate: '' },
      guard: this.#guard,
      queueBytes: settings.recordQueueBytes,
      encoders: this.#encoderRoom(),
      ended: () => undefined,
    });
  }

  /** Keeps the camera's last seconds in memory; its stream stays open for it. */
  arm(camera: CameraKey): void {
    const name = nameOf(camera);
    if (this.#armed.has(name) || this.#isClosed) return;
    const ring = new MemoryRing(this.#parts.settings, this.#parts.tally);
    this.#armed.set(name, { ring, subscription: this.#parts.hub.subscribe(keyOf(camera), ring) });
  }

  disarm(camera: CameraKey): void {
    const name = nameOf(camera);
    this.#armed.get(name)?.subscription.close();
    this.#armed.delete(name);
  }

  /** Ends every recording and resolves when its files have their names. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    this.#guard.close();
    for (const recording of [...this.#recordings.values()]) this.#end(recording);
    for (const { subscription } of this.#armed.values()) subscription.close();
    this.#armed.clear();
    await Promise.all(this.#stopping);
  }

  #begin(name: string, camera: CameraKey, since: number | undefined): Recording {
    const { vehicleId, channel, stream } = camera;
    const key = { vehicleId, channel, stream };
    const { folder, files, ledger, clock, tally, log, settings, vehicle } = this.#parts;
    const headerId = vehicle(vehicleId)?.headerId ?? vehicleId;
    const recorder = new CameraRecorder({
      camera: key,
      vehicle: () => vehicle(vehicleId) ?? { headerId, plate: '' },
      folder,
      files,
      ledger,
      guard: this.#guard,
      clock,
      tally,
      log,
      queueBytes: settings.recordQueueBytes,
      encoders: this.#encoderRoom(),
      ended: code => {
        log.warn({ ...key, code }, 'the stream under a recording ended');
        recording.subscription = undefined;
        recording.againAt = clock.monotonic() + againMs;
      },
    });
    const recording: Recording = {
      id: `${clock.now().toString(36)}-${++this.#count}`,
      camera: key,
      causes: new Set(),
      startedAt: clock.now(),
      recorder,
      subscription: undefined,
      againAt: 0,
      toldAt: clock.monotonic(),
      told: '',
    };
    this.#recordings.set(name, recording);
    const armed = this.#armed.get(name);
    if (armed && since !== undefined) recorder.remember(armed.ring.since(since));
    this.#subscribe(recording);
    return recording;
  }

  #encoderRoom(): EncoderRoom {
    return {
      take: () => this.#encoders < mostEncoders && ++this.#encoders > 0,
      leave: () => {
        this.#encoders--;
      },
    };
  }

  #subscribe(recording: Recording): void {
    recording.againAt = 0;
    const subscription = this.#parts.hub.subscribe(keyOf(recording.camera), recording.recorder);
    if (recording.againAt === 0) recording.subscription = subscription;
  }

  #end(recording: Recording): void {
    this.#recordings.delete(nameOf(recording.camera));
    recording.subscription?.close();
    recording.causes.clear();
    const stopped = recording.recorder.stop().then(() => {
      this.#stopping.delete(stopped);
      this.#tell(recording);
    });
    this.#stopping.add(stopped);
    this.#tell(recording);
  }

  #tick(): void {
    const now = this.#parts.clock.monotonic();
    for (const recording of this.#recordings.values()) {
      recording.recorder.tick();
      if (!recording.subscription && now >= recording.againAt) this.#again(recording);
      const { phase, error } = recording.recorder.figures();
      if (now - recording.toldAt >= figuresMs || recording.told !== phase + (error?.code ?? '')) this.#tell(recording);
    }
    for (const [name, armed] of this.#armed) if (armed.ring.isEnded) this.#armed.delete(name);
  }

  #again(recording: Recording): void {
    if (this.#parts.vehicle(recording.camera.vehicleId)) this.#subscribe(recording);
    else this.#end(recording);
  }

  #tell(recording: Recording): void {
    const { phase, error } = recording.recorder.figures();
    recording.toldAt = this.#parts.clock.monotonic();
    recording.told = phase + (error?.code ?? '');
    this.#parts.changed(row(recording));
  }

  #lag(): number {
    let lag = 0;
    for (const { recorder } of this.#recordings.values()) lag = Math.max(lag, recorder.lag);
    return lag;
  }

  #byId(id: string): Recording | undefined {
    for (const recording of this.#recordings.values()) if (recording.id === id) return recording;
    return undefined;
  }
}

function row(recording: Recording): RecordingRow {
  const { phase, bytes, frames, lastFrameAt, error, sound } = recording.recorder.figures();
  return {
    ...recording.camera,
    id: recording.id,
    causes: [...recording.causes],
    phase,
    startedAt: recording.startedAt,
    bytes,
    frames,
    lastFrameAt,
    ...(error && { error }),
    ...(sound && { sound }),
  };
}

function keyOf(camera: CameraKey): StreamKey {
  return { terminal: camera.vehicleId, channel: camera.channel, stream: camera.stream };
}

function nameOf(camera: CameraKey): string {
  return streamName(keyOf(camera));
}
