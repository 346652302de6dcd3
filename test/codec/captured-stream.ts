import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/vectors/', import.meta.url);

/** Captures of real terminals that lie beside the repository on some machines; they are not part of it. */
export const captures = ['smallchi-jt1078_1', 'smallchi-jt1078_2', 'xtream-sim6-h264-adpcma'] as const;

export function hasCapture(name: string): boolean {
  return existsSync(new URL(`${name}.bin`, folder));
}

/** Packets as on a TCP stream, and the access units they carry. */
export function readCapture(name: string): { packets: Uint8Array; units: Uint8Array } {
  const read = (ending: string) => new Uint8Array(readFileSync(new URL(`${name}.${ending}`, folder)));
  return { packets: read('bin'), units: read('h264') };
}
