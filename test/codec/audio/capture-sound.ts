import { readCapture } from '../captured-stream.ts';

/** Payloads of sound in a capture whose SIMs are 6 bytes wide, cut by the packets' own length fields. */
export function soundOfCapture(name: string): Uint8Array[] {
  const { packets: bytes } = readCapture(name);
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const isSound = bytes[at + 15]! >> 4 === 3;
    const payload = at + (isSound ? 26 : 30);
    const end = payload + ((bytes[payload - 2]! << 8) | bytes[payload - 1]!);
    if (isSound) payloads.push(bytes.subarray(payload, end));
    at = end;
  }
  return payloads;
}
