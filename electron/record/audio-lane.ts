import { type AacTrack, aacFrameSamples, aacTrack, adtsFrames } from '../codec/audio/adts.ts';
import { decodeG711 } from '../codec/audio/g711.ts';
import { withoutHisiHeader } from '../codec/audio/hisi-header.ts';
import type { AudioPacket } from '../frames/frame.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { AacEncoder } from './aac-encoder.ts';
import type { SampleRun } from './fragment-box.ts';

/** JT/T 1078 table 12. */
const aLawType = 6;
const muLawType = 7;
const aacTypes: readonly number[] = [19, 24];
/** Sound this far from where its samples put it is moved: less is the unrest of devices' clocks. */
const driftMs = 200;
/** A shorter hole is filled with silence, since a player stops where one track has nothing. */
const fillMs = 5000;
/** Frames that wait for a fragment: about eight seconds of 8 kHz. */
const mostFrames = 64;
/** ITU-T G.711: one byte a sample, Hz. */
const g711Rate = 8000;
/** An encoder that is this far behind is given nothing more. */
const mostWaiting = 5 * g711Rate;
/** Frames this close follow on one another. */
const nearSeconds = 0.02;
/** The encoder's first frame holds only what it needs to begin. */
const encoderDelay = aacFrameSamples;

/** Sound from `sample` on belongs to device time `ptsMs`. */
interface Anchor {
  readonly sample: number;
  readonly ptsMs: number;
}

/** How many cameras may encode at once; each takes a thread and about 20 MB. */
export interface EncoderRoom {
  take(): boolean;
  leave(): void;
}

/**
 * The sound of one recorded camera as AAC frames with device times: AAC as it was sent, G.711 encoded. Its track is known
 * once the first packet that can be kept has come; a stream of another kind later on is left out.
 */
export class AudioLane {
  readonly #tally: Tally;
  readonly #log: Log;
  readonly #room: EncoderRoom;
  #track: AacTrack | undefined;
  #encoder: AacEncoder | undefined;
  #isDead = false;
  #anchors: Anchor[] = [];
  /** Samples that went in, and the place of the next frame that comes out. */
  #samplesIn = 0;
  #samplesOut = 0;
  #ready: { readonly data: Uint8Array; readonly ptsMs: number }[] = [];
  /** Ticks at which the last run that was taken ended, in the segment that took it. */
  #endTicks = 0;

  constructor(parts: { tally: Tally; log: Log; room: EncoderRoom }) {
    this.#tally = parts.tally;
    this.#log = parts.log;
    this.#room = parts.room;
  }

  /** Undefined while there is nothing that can be kept. */
  get track(): AacTrack | undefined {
    return this.#isDead ? undefined : this.#track;
  }

  add(packet: AudioPacket): void {
    const data = withoutHisiHeader(packet.data);
    if (this.#isDead) this.#tally.add('record.audioDropped');
    else if (packet.payloadType === aLawType) this.#encode(decodeG711(data, 'a'), packet.ptsMs);
    else if (packet.payloadType === muLawType) this.#encode(decodeG711(data, 'mu'), packet.ptsMs);
    else if (aacTypes.includes(packet.payloadType)) this.#pass(packet);
    else this.#tally.add('record.audioCodec');
  }

  /** Sound up to here can no longer come: what is missing is silence. */
  fill(untilPtsMs: number): void {
    if (!this.#encoder) return;
    const missing = untilPtsMs - this.#nextPtsMs();
    if (missing > fillMs) this.#anchors.push({ sample: this.#samplesIn, ptsMs: untilPtsMs - driftMs });
    if (missing > driftMs) this.#silence(missing > fillMs ? driftMs : missing);
  }

  /** A segment begins: its track counts from 0 again. */
  restart(): void {
    this.#endTicks = 0;
  }

  /**
   * What is ready, as far as it follows on one another.
   * @param basePtsMs device time at which the segment begins; what was before is left out
   */
  take(basePtsMs: number): SampleRun | undefined {
    const track = this.#track;
    if (!track) return undefined;
    const samples: SampleRun['samples'][number][] = [];
    let from = -1;
    while (this.#ready.length > 0) {
      const { data, ptsMs } = this.#ready[0]!;
      const at = Math.round(((ptsMs - basePtsMs) * track.sampleRate) / 1000);
      const end = samples.length > 0 ? from + samples.length * aacFrameSamples : this.#endTicks;
      const isNear = Math.abs(at - end) < track.sampleRate * nearSeconds;
      if (at < -aacFrameSamples / 2 || (at < end && !isNear)) this.#tally.add('record.audioLate');
      else if (samples.length > 0 && !isNear) break;
      else {
        if (samples.length === 0) from = isNear ? end : Math.max(at, 0);
        samples.push({ units: [data], duration: aacFrameSamples, key: true });
      }
      this.#ready.shift();
    }
    if (samples.length === 0) return undefined;
    this.#endTicks = from + samples.length * aacFrameSamples;
    return { from, samples };
  }

  /** Ends the encoder's thread. Never rejects. */
  async close(): Promise<void> {
    this.#isDead = true;
    this.#ready = [];
    const encoder = this.#encoder;
    this.#encoder = undefined;
    if (!encoder) return;
    this.#room.leave();
    await encoder.close();
  }

  #encode(samples: Int16Array<ArrayBuffer>, ptsMs: number): void {
    if (!this.#encoder && !this.#open()) return;
    if (this.#encoder!.waiting > mostWaiting) {
      this.#tally.add('record.audioBehind');
      return;
    }
    const drift = ptsMs - this.#nextPtsMs();
    if (drift > driftMs && drift <= fillMs) this.#silence(drift);
    this.#anchor(ptsMs);
    this.#samplesIn += samples.length;
    this.#encoder!.add(samples);
  }

  #open(): boolean {
    const track = aacTrack(g711Rate, 1);
    if (this.#track || !track || !this.#room.take()) {
      this.#isDead = this.#track === undefined;
      this.#tally.add('record.audioNoRoom');
      return false;
    }
    this.#track = track;
    this.#samplesOut = -encoderDelay;
    this.#encoder = new AacEncoder(
      track.sampleRate,
      data => this.#made(data),
      thrown => {
        this.#log.warn({ error: String(thrown) }, 'sound is left out of the recording');
        this.#tally.add('record.audioFailed');
        this.close().catch(() => undefined);
      },
    );
    return true;
  }

  #pass(packet: AudioPacket): void {
    const found = adtsFrames(packet.data);
    if (!found || (this.#track && this.#track.sampleRate !== found.track.sampleRate)) {
      this.#tally.add('record.audioCodec');
      return;
    }
    this.#track ??= found.track;
    this.#anchor(packet.ptsMs);
    for (const frame of found.frames) {
      this.#samplesIn += aacFrameSamples;
      this.#made(frame);
    }
  }

  #silence(ms: number): void {
    const samples = new Int16Array(Math.round((ms * g711Rate) / 1000));
    this.#samplesIn += samples.length;
    this.#encoder?.add(samples);
  }

  /** What comes next belongs to `ptsMs`, if that is not where it would be anyway. */
  #anchor(ptsMs: number): void {
    const drift = Math.abs(ptsMs - this.#nextPtsMs());
    if (this.#anchors.length === 0 || drift > (this.#encoder ? fillMs : driftMs))
      this.#anchors.push({ sample: this.#samplesIn, ptsMs });
  }

  #nextPtsMs(): number {
    return this.#anchors.length === 0 ? Number.NaN : this.#ptsOf(this.#samplesIn);
  }

  #ptsOf(sample: number): number {
    const anchor = this.#anchors.findLast(known => known.sample <= sample) ?? this.#anchors[0]!;
    return anchor.ptsMs + ((sample - anchor.sample) * 1000) / this.#track!.sampleRate;
  }

  #made(data: Uint8Array): void {
    const ptsMs = this.#ptsOf(this.#samplesOut);
    this.#samplesOut += aacFrameSamples;
    while (this.#anchors.length > 1 && this.#anchors[1]!.sample <= this.#samplesOut) this.#anchors.shift();
    if (this.#ready.length >= mostFrames) {
      this.#ready.shift();
      this.#tally.add('record.audioWithoutPicture');
    }
    this.#ready.push({ data, ptsMs });
  }
}
