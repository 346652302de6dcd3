import { payloadTypes } from '../jt1078/payload-type.ts';
import type { Law } from './g711.ts';
import { G711Sound } from './g711-sound.ts';
import type { BitOrder } from './g726.ts';
import { G726Sound } from './g726-sound.ts';
import { imaLayouts } from './ima-adpcm.ts';
import { ImaSound } from './ima-sound.ts';
import { PcmSound } from './pcm-sound.ts';

/** What a terminal or an operator says of sound beyond its payload type; what is left out is found out. */
export interface SoundOptions {
  /** Of G.711. `auto`: as the payload type says, the other one when that is noise. */
  readonly law?: 'auto' | Law;
  /** Of G.726. `auto`: found by which of the two is noise. */
  readonly g726Order?: 'auto' | BitOrder;
  /** kbit/s of G.726. `auto`: by bytes and time, or by the packet's length where `decode` is given no times. */
  readonly g726Rate?: 'auto' | G726Rate;
  /** Hz; what the payload type implies when left out. */
  readonly sampleRate?: number;
}

export type G726Rate = 16 | 24 | 32 | 40;

/** Sound of one stream, packet after packet, to PCM. Any bytes decode to something; nothing throws. */
export interface SoundDecoder {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** The reading in use, for a person: `G.711A`, `G.726 32 kbit/s, lsb first`. It changes when another one proves right. */
  readonly reading: string;
  /**
   * One packet's payload, with or without the header of HiSilicon recorders. The samples are of 16 bits, signed,
   * interleaved where there are several channels; none while the rate is still measured.
   * @param ptsMs device time of the packet
   */
  decode(payload: Uint8Array, ptsMs?: number): Int16Array<ArrayBuffer>;
  /** What comes next does not follow on what came before: a gap, another source. What was found out is kept. */
  reset(): void;
}

/** Table 12's names of what is decoded here. */
const g721 = 1;
const g711a = 6;
const g711u = 7;
const g726 = 8;
const dvi4: readonly number[] = [10, 11, 12, 13];
const dvi4At16k = 13;
const s16beStereo = 15;
const s16beMono = 16;
/** LPCM, PCM_VOICE, PCM_AUDIO: 16 bits in the byte order of the recorder's processor, which is little-endian as a rule. */
const linear: readonly number[] = [18, 22, 23];
const adpcmA = 26;
/** AAC, HEAAC, AACLC, MP4AUDIO. */
const aac: readonly number[] = [19, 21, 24, 27];

const usualRate = 8000;

/** @param payloadType of table 12 @returns undefined for what is not decoded here: see `soundCoding` */
export function createSoundDecoder(payloadType: number, options: SoundOptions = {}): SoundDecoder | undefined {
  const sampleRate = options.sampleRate ?? (payloadType === dvi4At16k ? 2 * usualRate : usualRate);
  if (payloadType === g711a) return new G711Sound('a', options.law ?? 'auto', sampleRate);
  if (payloadType === g711u) return new G711Sound('mu', options.law ?? 'auto', sampleRate);
  if (payloadType === g726) return new G726Sound(options.g726Rate ?? 'auto', options.g726Order ?? 'auto', sampleRate);
  if (payloadType === g721) return new G726Sound(32, options.g726Order ?? 'auto', sampleRate);
  if (payloadType === adpcmA) return new ImaSound(imaLayouts.pt26, sampleRate);
  if (dvi4.includes(payloadType)) return new ImaSound(imaLayouts.dvi4, sampleRate);
  if (payloadType === s16beStereo) return new PcmSound('be', 2, sampleRate);
  if (payloadType === s16beMono) return new PcmSound('be', 1, sampleRate);
  if (linear.includes(payloadType)) return new PcmSound('auto', 1, sampleRate);
  return undefined;
}

/** `pcm`: decoded by `createSoundDecoder` · `aac`: framed by adts.ts, decoded by the platform · `unsupported`: named only. */
export type SoundHandling = 'pcm' | 'aac' | 'unsupported';

/** @returns table 12's name of a payload type, or `PT n` for a number it does not have, and who makes sound of it */
export function soundCoding(payloadType: number): { readonly name: string; readonly handling: SoundHandling } {
  const name = payloadTypes.find(row => row.id === payloadType)?.name ?? `PT ${payloadType}`;
  if (aac.includes(payloadType)) return { name, handling: 'aac' };
  return { name, handling: decoded.has(payloadType) ? 'pcm' : 'unsupported' };
}

const decoded: ReadonlySet<number> = new Set([
  ...[g721, g711a, g711u, g726, s16beStereo, s16beMono, adpcmA],
  ...dvi4,
  ...linear,
]);
