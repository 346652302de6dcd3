import type { Header } from '../codec/jt808/frame.ts';
import { magicBytes, magicLength, versionByte } from '../codec/jt1078/header.ts';
import type { Packet } from '../codec/jt1078/packet.ts';

/** Bytes kept of whatever proves something: enough for any header and the beginning of what follows. */
const length = 64;
const none = new Uint8Array(0);

/** A copy of the beginning. */
export function proofBytes(bytes: Uint8Array | undefined): Uint8Array {
  return bytes ? bytes.slice(0, length) : none;
}

/**
 * Header and body of a message, escapes undone; without flags and checksum.
 * @param bodyLimit of the body no more than this
 */
export function proofOf(message: { header: Header; body: Uint8Array }, bodyLimit = length): Uint8Array {
  const { header, body } = message;
  const from = header.phone.byteOffset - (header.version === '2019' ? 5 : 4);
  const shown = body.subarray(0, bodyLimit);
  if (from < 0 || header.phone.buffer !== body.buffer || body.byteOffset < header.phone.byteOffset)
    return proofBytes(shown);
  return proofBytes(new Uint8Array(body.buffer, from, body.byteOffset + shown.length - from));
}

/**
 * A packet from its magic on, where its payload still is a view of what was received; else the payload alone. Where the
 * header begins is found backwards from the payload by the SIM, for its length depends on fields that devices fill in wrong.
 */
export function packetProof({ payload, sim }: Packet): Uint8Array {
  const bytes = new Uint8Array(payload.buffer);
  const shortest = sim.length + 8;
  for (let back = shortest; back <= shortest + 12 && back <= payload.byteOffset; back++) {
    const header = payload.byteOffset - back;
    if (bytes[header] !== versionByte || !sim.every((byte, at) => bytes[header + 4 + at] === byte)) continue;
    const at = header - magicLength;
    const from = at >= 0 && magicBytes.every((byte, i) => bytes[at + i] === byte) ? at : header;
    return proofBytes(bytes.subarray(from, payload.byteOffset + payload.length));
  }
  return proofBytes(payload);
}
