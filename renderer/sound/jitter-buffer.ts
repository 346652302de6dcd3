import { ArrivalLags } from './arrival-lags.ts';
import { Concealment } from './concealment.ts';
import { kernelTaps, SincKernel } from './sinc-kernel.ts';
import { StampLine } from './stamp-line.ts';

/** One packet's sound. */
export interface SoundBlock {
  /** Device time of its first sample. */
  ptsMs: number;
  /** Hz. */
  sampleRate: number;
  /** One channel, -1 to 1. */
  samples: Float32Array;
}

export interface JitterReport {
  packets: number;
  /** Came after their time, and were not heard. */
  late: number;
  /** Places where the stamps say that sound is missing. */
  gaps: number;
  /** Output that had to do without packets, ms. */
  concealedMs: number;
  /** Times the playhead was set, since nudging would have taken too long. */
  jumps: number;
  /** Delay behind the device's time on the output's clock: as it is, as it is aimed at, and as the packets need it. Ms. */
  lagMs: number;
  targetMs: number;
  needMs: number;
  /** What the packets need beyond the picture's delay; absent without a picture. */
  overMs?: number;
  /** From a usual packet's arrival to its play-out. */
  delayMs: number;
  /** Speed of play-out: 1 is the nominal rate. */
  rate: number;
}

/** All numbers of play-out, ms unless said otherwise. */
export const jitterLimits = {
  /** Kept ready beyond what the packets' jitter needs; more while little is known of it. */
  margin: 10,
  firstMargin: 30,
  firstPackets: 16,
  /** Jitter beyond this is not waited for. */
  worstJitter: 400,
  /** And this much beyond the picture's delay, though never less than a usual packet takes and this. */
  besidePicture: 60,
  besideUsual: 20,
  /** A delay for the picture's sake is believed up to this much beyond what the packets need. */
  worstPicture: 1500,
  /** Off by more than this the playhead is set; off by less it plays faster or slower. */
  jump: 120,
  /** The same while nothing is heard anyway, and in the beginning, for so long. */
  freeJump: 10,
  beginning: 2000,
  /** Change of speed for each second that it is off, and the most of it: 3 % is half a semitone. */
  nudge: 1,
  maxNudge: 0.03,
  /** How fast (per second, squared) a lasting difference is taken for the device's clock, and the most that one has. */
  learn: 0.15,
  maxDrift: 0.02,
  /** A change of aim is taken up over about this time. */
  aimOver: 150,
  /** From concealed to real sound. */
  fade: 4,
  /** Held at most; a power of two of samples above it is made room for. */
  held: 5000,
} as const;

/**
 * Packets in, sound out, on a clock of its own: the output's. The delay behind the device's time ("lag") is as long as the
 * picture's, or as the packets' jitter needs if that is more. A device whose clock is not ours is followed by playing a
 * little faster or slower, so that an hour later the lag is the same. What is missing is concealed briefly; what comes
 * too late is not heard.
 */
export class JitterBuffer {
  readonly #outputRate: number;
  readonly #line = new StampLine();
  readonly #arrivals = new ArrivalLags();
  #kernel: SincKernel | undefined;
  #ring = new Float32Array(2);
  #conceal = new Concealment(this.#ring, 8000);
  #rate = 0;
  /** Places by count of samples: next to be heard, end of what came, end of what is there with the concealed. */
  #read = 0;
  #real = 0;
  #filled = 0;
  #pictureLag: number | undefined;
  #target = 0;
  #speed = 1;
  /** The device's clock against ours, as a part of it. */
  #drift = 0;
  #settledAt = 0;
  #packets = 0;
  #late = 0;
  #gaps = 0;
  #concealed = 0;
  #jumps = 0;
  #lag = 0;

  /** Hz. */
  constructor(outputRate: number) {
    this.#outputRate = outputRate;
  }

  /** The picture's delay behind the device's time, on the output's clock; undefined: there is no picture to keep to. */
  steer(lagMs: number | undefined): void {
    this.#pictureLag = lagMs;
  }

  /** @param now the output's clock, ms */
  put(block: SoundBlock, now: number): void {
    this.#packets++;
    if (block.samples.length === 0) return;
    const place = this.#rate === block.sampleRate ? this.#line.place(block.ptsMs, this.#real) : undefined;
    if (!place || place.kind === 'new' || this.#isTooFar(block)) this.#begin(block);
    else if (place.kind === 'gap') this.#leap(place.ms);
    const isFirst = this.#arrivals.count === 0;
    this.#arrivals.add(now - this.#line.timeOf(this.#real));
    if (isFirst) this.#set(now);
    this.#write(block.samples);
  }

  /** Fills `out` with what is heard from `now` on. */
  read(out: Float32Array, now: number): void {
    const kernel = this.#kernel;
    if (!kernel) {
      out.fill(0);
      return;
    }
    this.#aim(out.length, now);
    const off = this.#target - (now - this.#line.timeOf(this.#read));
    this.#lag = this.#target - off;
    const isFree = this.#read >= this.#real || this.#read < 0 || now < this.#settledAt;
    if (Math.abs(off) > (isFree ? jitterLimits.freeJump : jitterLimits.jump)) {
      this.#jump(out, kernel, off, isFree);
      return;
    }
    const { maxNudge, nudge, learn, maxDrift } = jitterLimits;
    if (!isFree) this.#drift = within(maxDrift, this.#drift - (off / 1000) * learn * (out.length / this.#outputRate));
    this.#speed = 1 + within(maxNudge, this.#drift - (off / 1000) * nudge);
    this.#read = this.#play(out, kernel, this.#read, this.#speed);
  }

  report(): JitterReport {
    const picture = this.#pictureLag;
    return {
      ...(picture === undefined ? {} : { overMs: this.#need() - picture }),
      packets: this.#packets,
      late: this.#late,
      gaps: this.#gaps,
      concealedMs: this.#rate === 0 ? 0 : (this.#concealed * 1000) / this.#rate,
      jumps: this.#jumps,
      lagMs: this.#lag,
      targetMs: this.#target,
      needMs: this.#need(),
      delayMs: this.#lag - this.#arrivals.median,
      rate: this.#speed,
    };
  }

  #begin(block: SoundBlock): void {
    if (block.sampleRate !== this.#rate) {
      this.#rate = block.sampleRate;
      this.#ring = new Float32Array(2 ** Math.ceil(Math.log2((block.sampleRate * jitterLimits.held) / 1000)));
      this.#conceal = new Concealment(this.#ring, block.sampleRate);
      this.#kernel = new SincKernel(block.sampleRate, this.#outputRate);
      this.#drift = 0;
    }
    this.#ring.fill(0);
    this.#line.begin(block.ptsMs, block.sampleRate);
    this.#arrivals.clear();
    this.#real = 0;
    this.#filled = 0;
    this.#pictureLag = undefined;
  }

  /** The first packet of a line: the playhead goes where it should be at once. */
  #set(now: number): void {
    this.#settledAt = now + jitterLimits.beginning;
    this.#target = this.#wanted();
    this.#read = this.#line.indexAt(now - this.#target);
  }

  #isTooFar(block: SoundBlock): boolean {
    const ahead = this.#real + block.samples.length - this.#read;
    return ahead > this.#ring.length - 2 * kernelTaps || ahead < -this.#ring.length * 4;
  }

  /** Sound of `ms` never came. */
  #leap(ms: number): void {
    this.#gaps++;
    const to = this.#real + Math.round((ms * this.#rate) / 1000);
    if (to > this.#filled) this.#extend(to);
    this.#real = to;
  }

  #write(samples: Float32Array): void {
    const from = this.#real;
    const to = from + samples.length;
    const mask = this.#ring.length - 1;
    const heard = Math.floor(this.#read);
    if (to <= heard) this.#late++;
    /** What the kernel rests on now stays as it was; behind it concealed sound goes over into the real one. */
    const seam = heard + kernelTaps / 2 + 1;
    const fade = (jitterLimits.fade * this.#rate) / 1000;
    for (let i = Math.max(0, to - from - mask); i < samples.length; i++) {
      const at = from + i;
      if (at >= this.#filled || at < heard - kernelTaps) this.#ring[at & mask] = samples[i]!;
      else {
        const old = this.#ring[at & mask]!;
        this.#ring[at & mask] =
          old + (samples[i]! - old) * Math.max(0, Math.min(1, (at - Math.max(seam, from)) / fade));
      }
    }
    this.#real = to;
    this.#filled = Math.max(this.#filled, to);
  }

  #extend(to: number): void {
    const from = Math.max(this.#filled, to - this.#ring.length + 1);
    this.#conceal.fill(from, to, this.#real, Math.max(0, this.#real - this.#ring.length / 2));
    this.#filled = to;
  }

  #need(): number {
    const { count, most, median } = this.#arrivals;
    const margin = count < jitterLimits.firstPackets ? jitterLimits.firstMargin : jitterLimits.margin;
    return Math.min(most, median + jitterLimits.worstJitter) + margin;
  }

  #wanted(): number {
    const need = this.#need();
    const picture = this.#pictureLag;
    const { worstPicture, besidePicture, besideUsual } = jitterLimits;
    if (picture === undefined || picture > need + worstPicture) return need;
    const borne = Math.max(picture + besidePicture, this.#arrivals.median + besideUsual);
    return Math.max(picture, Math.min(need, borne));
  }

  #aim(frames: number, now: number): void {
    const wanted = this.#wanted();
    const off = wanted - this.#target;
    const part = ((frames / this.#outputRate) * 1000) / jitterLimits.aimOver;
    const isFar = Math.abs(off) > jitterLimits.jump || now < this.#settledAt;
    this.#target = isFar ? wanted : this.#target + off * part;
  }

  /** Out of the old place into the new one within this turn. */
  #jump(out: Float32Array, kernel: SincKernel, off: number, isFree: boolean): void {
    if (!isFree) this.#jumps++;
    const to = this.#read - (off * this.#rate) / 1000;
    this.#play(out, kernel, this.#read, 1);
    const after = new Float32Array(out.length);
    this.#read = this.#play(after, kernel, to, 1);
    this.#lag = this.#target;
    for (let i = 0; i < out.length; i++) out[i]! += (after[i]! - out[i]!) * (i / out.length);
  }

  /** @returns the place after the last sample */
  #play(out: Float32Array, kernel: SincKernel, from: number, speed: number): number {
    const step = (this.#rate / this.#outputRate) * speed;
    const end = from + out.length * step;
    const needed = Math.ceil(end) + kernelTaps / 2;
    if (needed > this.#filled) this.#extend(needed);
    if (end > this.#real && from >= 0) this.#concealed += Math.min(end - this.#real, end - from);
    let place = from;
    for (let i = 0; i < out.length; i++) {
      const index = Math.floor(place);
      out[i] = index < 0 ? 0 : kernel.at(this.#ring, index, place - index);
      place += step;
    }
    return end;
  }
}

function within(limit: number, value: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
