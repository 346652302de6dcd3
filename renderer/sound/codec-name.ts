import { soundCoding } from '../../electron/codec/audio/decoder.ts';

/** Table 12's name of a payload type of sound. */
export function codecName(payloadType: number): string {
  return soundCoding(payloadType).name;
}
