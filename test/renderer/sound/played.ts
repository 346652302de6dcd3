import { seededRandom } from '../../../electron/simulator/random.ts';
import { JitterBuffer, type JitterReport } from '../../../renderer/sound/jitter-buffer.ts';

export interface Course {
  seconds: number;
  /** The device's sampling clock over ours, less 1. */
  clock?: number;
  /** `clock`: stamps of a true clock. `count`: 20 ms for each packet, whatever time it took. */
  stamps?: 'clock' | 'count';
  /** After its capture each packet takes 15 ms and up to this. */
  jitterMs?: number;
  /** The picture's delay behind the device's time. */
  pictureMs?: number;
  outputRate?: number;
  /** Packets that never come. */
  lost?(packet: number): boolean;
  /** Packets that take so much longer, ms. */
  held?(packet: number): number;
  tone?: number;
}

export interface Played {
  report: JitterReport;
  /** Of every turn, after the first 20 seconds: behind the device's true time. */
  behind: { least: number; most: number };
  output: Float32Array;
}

const packetSamples = 160;
/** Turns a second: 128 samples at 48 kHz. */
const turnsPerSecond = 375;

/** Plays what a recorder sends, on a clock that is stepped as fast as it can be. */
export function play(course: Course): Played {
  const { seconds, clock = 0, stamps = 'clock', jitterMs = 10, pictureMs, outputRate = 16_000, tone = 440 } = course;
  const turn = Math.round(outputRate / turnsPerSecond);
  // A second of it, for tones of a whole number of hertz.
  const second = Float32Array.from({ length: 8000 }, (_, at) => 0.5 * Math.sin((2 * Math.PI * tone * at) / 8000));
  const random = seededRandom(5);
  const buffer = new JitterBuffer(outputRate);
  const rate = 8000 * (1 + clock);
  const turns = Math.floor((seconds * outputRate) / turn);
  const output = new Float32Array(Math.min(turns, 8000) * turn);
  const behind = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  const out = new Float32Array(turn);
  let packet = 0;
  let arrivedAt = 0;
  let arrival = 0;
  const next = (): void => {
    const captured = (((packet + 1) * packetSamples) / rate) * 1000;
    arrival = Math.max(arrivedAt, captured + 15 + random() * jitterMs + (course.held?.(packet) ?? 0));
  };
  next();
  for (let i = 0; i < turns; i++) {
    const now = (i * turn * 1000) / outputRate;
    for (; arrival <= now; next()) {
      arrivedAt = arrival;
      const first = packet * packetSamples;
      const ptsMs = Math.round(stamps === 'clock' ? (first / rate) * 1000 : packet * 20);
      const samples = second.slice(first % 8000, (first % 8000) + packetSamples);
      if (!course.lost?.(packet)) buffer.put({ ptsMs, sampleRate: 8000, samples }, arrival);
      packet++;
    }
    if (pictureMs !== undefined) buffer.steer(pictureMs);
    buffer.read(out, now);
    if ((i + 1) * turn <= output.length) output.set(out, i * turn);
    if (now < 20_000) continue;
    const { lagMs } = buffer.report();
    // Counted stamps are the device's time only as far as its sampling clock is right.
    const delay = stamps === 'clock' ? lagMs : now - (now - lagMs) / (1 + clock);
    behind.least = Math.min(behind.least, delay);
    behind.most = Math.max(behind.most, delay);
  }
  return { report: buffer.report(), behind, output };
}
