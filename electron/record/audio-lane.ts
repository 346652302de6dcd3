import { type AacTrack, aacFrameSamples, aacTrack } from '../codec/audio/adts.ts';
import type { AudioPacket } from '../frames/frame.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { AacEncoder } from './aac-encoder.ts';
import type { SampleRun } from './fragment-box.ts';
import { PacketReader, type PacketSound, type SoundFacts } from './packet-sound.ts';

/** Sound this far from where its samples put it is moved: less is the unrest of devices' clocks. */
const driftMs = 200;
/** A shorter hole is filled with silence, since a player stops where one track has nothing. */
const fillMs = 5000;
/** Frames that wait for a fragment: about eight seconds of 8 kHz. */
const mostFrames = 64;
/** An encoder that is this many seconds behind is given nothing more. */
const mostWaiting = 5;
/** Enough for speech of 8 kHz. */
const bitsPerSecond = 24_000;
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
 * The sound of one recorded camera as AAC frames with device times: AAC as it was sent, everything else that can be decoded
 * encoded anew. Its track is known once the first packet that can be kept has come; sound of another rate later on is left out.
 */
export class AudioLane {
  readonly #tally: Tally;
  readonly #log: Log;
  readonly #room: EncoderRoom;
  readonly #reader: PacketReader;
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

  #isKept = true;

  constructor(parts: { tally: Tally; log: Log; room: EncoderRoom; facts(): SoundFacts }) {
    this.#tally = parts.tally;
    this.#log = parts.log;
    this.#room = parts.room;
    this.#reader = new PacketReader(() => parts.facts());
  }

  /** Undefined while there is nothing that can be kept. */
  get track(): AacTrack | undefined {
    return this.#isDead ? undefined : this.#track;
  }

  /** What the camera sends, and whether it gets into the files; undefined before the first packet. */
  get figures(): { codec: string; isKept: boolean } | undefined {
    return this.#reader.codec ? { codec: this.#reader.codec, isKept: this.#isKept } : undefined;
  }

  add(packet: AudioPacket): void {
    if (this.#isDead) {
      this.#tally.add('record.audioDropped');
      return;
    }
    const sound = this.#reader.read(packet);
    if (sound !== 'damaged') this.#isKept = sound !== 'unsupported' && this.#fits(sound);
    else if (!this.#track) this.#isKept = false;
    if (typeof sound === 'string' || !this.#isKept) this.#tally.add('record.audioCodec');
    else if (sound.kind === 'aac') this.#pass(sound, packet.ptsMs);
    else if (sound.samples.length > 0) this.#encode(sound.samples, sound.sampleRate, packet.ptsMs);
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
    this.#reader.refresh();
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

  /** A track is of one rate, and its frames of one maker. */
  #fits(sound: PacketSound): boolean {
    if (!this.#track) return true;
    const rate = sound.kind === 'aac' ? sound.track.sampleRate : sound.sampleRate;
    return this.#track.sampleRate === rate && (this.#encoder !== undefined) === (sound.kind === 'pcm');
  }

  #encode(samples: Int16Array<ArrayBuffer>, sampleRate: number, ptsMs: number): void {
    if (!this.#encoder && !this.#open(sampleRate)) return;
    if (this.#encoder!.waiting > mostWaiting * sampleRate) {
      this.#tally.add('record.audioBehind');
      return;
    }
    const drift = ptsMs - this.#nextPtsMs();
    if (drift > driftMs && drift <= fillMs) this.#silence(drift);
    this.#anchor(ptsMs);
    this.#samplesIn += samples.length;
    this.#encoder!.add(samples);
  }

  #open(sampleRate: number): boolean {
    const track = aacTrack(sampleRate, 1);
    if (!track || !this.#room.take()) {
      this.#isDead = true;
      this.#isKept = false;
      this.#tally.add('record.audioNoRoom');
      return false;
    }
    this.#track = track;
    this.#samplesOut = -encoderDelay;
    this.#encoder = new AacEncoder(
      { sampleRate: track.sampleRate, channels: 1, bitsPerSecond },
      data => this.#made(data),
      thrown => {
        this.#log.warn({ error: String(thrown) }, 'sound is left out of the recording');
        this.#tally.add('record.audioFailed');
        this.#isKept = false;
        this.close().catch(() => undefined);
      },
    );
    return true;
  }

  #pass({ track, frames }: Extract<PacketSound, { kind: 'aac' }>, ptsMs: number): void {
    this.#track ??= track;
    this.#anchor(ptsMs);
    for (const frame of frames) {
      this.#samplesIn += aacFrameSamples;
      this.#made(frame);
    }
  }

  #silence(ms: number): void {
    const samples = new Int16Array(Math.round((ms * this.#track!.sampleRate) / 1000));
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
