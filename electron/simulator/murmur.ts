import { seededRandom } from './random.ts';

/** Hz, and bytes of one packet: 20 ms of G.711. */
const sampleRate = 8000;
export const murmurPacketBytes = 160;
export const murmurPacketMs = 20;
const loopSeconds = 4;

/** Engine, its overtones as it idles and pulls; all frequencies go evenly into the loop. */
const tones = [
  { hz: 46, level: 0.22 },
  { hz: 92, level: 0.16 },
  { hz: 138, level: 0.09 },
  { hz: 230, level: 0.04 },
];
/** A turn signal's tick: times a second, and its pitch. */
const tick = { perSecond: 1.5, hz: 1900, level: 0.12, seconds: 0.018, on: 2 };

/** The sound inside a driving vehicle: a seamless loop of G.711 A-law at 8 kHz. */
export function cabinMurmur(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const samples = sampleRate * loopSeconds;
  const noise = Float64Array.from({ length: samples }, () => random() * 2 - 1);
  let rumble = 0;
  const out = new Uint8Array(samples);
  // Once around before the first sample that counts, so that the filter's end meets its beginning.
  for (let at = -samples; at < samples; at++) {
    rumble += 0.06 * ((noise[(at + samples) % samples] as number) - rumble);
    if (at >= 0) out[at] = aLaw(0.8 * (engineAt(at / sampleRate) + 0.9 * rumble + tickAt(at / sampleRate)));
  }
  return out;
}

function engineAt(seconds: number): number {
  const pull = 0.8 + 0.2 * Math.sin((2 * Math.PI * seconds) / loopSeconds);
  let sum = 0;
  for (const { hz, level } of tones) sum += level * Math.sin(2 * Math.PI * hz * seconds);
  return sum * pull;
}

function tickAt(seconds: number): number {
  const since = (seconds * tick.perSecond) % 1;
  if (seconds > tick.on || since / tick.perSecond > tick.seconds) return 0;
  return tick.level * Math.sin(2 * Math.PI * tick.hz * seconds) * (1 - since / tick.perSecond / tick.seconds);
}

/** ITU-T G.711, A-law with its even bits inverted. @param level -1 to 1 */
export function aLaw(level: number): number {
  const sample = Math.max(-32768, Math.min(32767, Math.round(level * 32767)));
  const positive = sample >= 0;
  const magnitude = (positive ? sample : -sample - 1) >> 4;
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude);
  const code = (segment << 4) | ((segment === 0 ? magnitude : magnitude >> (segment - 1)) & 15);
  return (code | (positive ? 0x80 : 0)) ^ 0x55;
}
