/** Layout of a binary media message; docs/web-door.md has the same table for those who read it. */
export const mediaHeaderBytes = 32;
export const mediaLayout = 1;
/** `sound` is the cab's on the port of a talk. */
export const mediaKinds = { frame: 1, audio: 2, sound: 3 } as const;
const keyFlag = 1;
const cachedFlag = 2;

export interface MediaHeader {
  kind: (typeof mediaKinds)[keyof typeof mediaKinds];
  key: boolean;
  cached: boolean;
  /** JT/T 1078 table 12. */
  payloadType: number;
  subscription: number;
  /** Within the subscription and kind. */
  seq: number;
  ptsMs: number;
  receivedAt: number;
}

/**
 * ```
 * 0 layout u8 | 1 kind u8 | 2 flags u8 (0 key, 1 cached) | 3 payload type u8 | 4 subscription u32 | 8 seq u32 | 12 zero u32
 * 16 ptsMs f64 | 24 receivedAt f64 | 32 data
 * ```
 * Big-endian. One message in one buffer: a WebSocket fragment for the header alone would cost more than this copy.
 */
export function encodeMedia(header: MediaHeader, data: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(mediaHeaderBytes + data.byteLength);
  bytes[0] = mediaLayout;
  bytes[1] = header.kind;
  bytes[2] = (header.key ? keyFlag : 0) | (header.cached ? cachedFlag : 0);
  bytes[3] = header.payloadType;
  bytes.writeUInt32BE(header.subscription >>> 0, 4);
  bytes.writeUInt32BE(header.seq >>> 0, 8);
  bytes.writeUInt32BE(0, 12);
  bytes.writeDoubleBE(header.ptsMs, 16);
  bytes.writeDoubleBE(header.receivedAt, 24);
  bytes.set(data, mediaHeaderBytes);
  return bytes;
}

/** The inverse, for programs and tests. Undefined for another layout or a message shorter than its header. */
export function decodeMedia(bytes: Uint8Array): (MediaHeader & { data: Uint8Array }) | undefined {
  if (bytes.byteLength < mediaHeaderBytes || bytes[0] !== mediaLayout) return undefined;
  const kind = bytes[1];
  if (kind !== mediaKinds.frame && kind !== mediaKinds.audio && kind !== mediaKinds.sound) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(2);
  return {
    kind,
    key: (flags & keyFlag) !== 0,
    cached: (flags & cachedFlag) !== 0,
    payloadType: view.getUint8(3),
    subscription: view.getUint32(4),
    seq: view.getUint32(8),
    ptsMs: view.getFloat64(16),
    receivedAt: view.getFloat64(24),
    data: bytes.subarray(mediaHeaderBytes),
  };
}
