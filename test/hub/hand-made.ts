import type { VideoCodec } from '../../electron/contract.ts';
import type { AudioPacket, Frame } from '../../electron/frames/frame.ts';

/** H.264 baseline level 3.0, written out bit by bit from clause 7.3.2.1.1: 22 × 18 and 44 × 36 macroblocks. */
export const spsCif = Uint8Array.of(0x67, 0x42, 0x00, 0x1e, 0xda, 0x05, 0x82, 0x59);
export const spsD1 = Uint8Array.of(0x67, 0x42, 0x00, 0x1e, 0xda, 0x02, 0xc0, 0x49, 0x90);
export const pps = Uint8Array.of(0x68, 0xce, 0x38, 0x80);
const startCode = Uint8Array.of(0, 0, 0, 1);

export function annexB(...units: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(units.flatMap(unit => [startCode, unit])));
}

function slice(type: number, bytes: number): Uint8Array {
  const unit = new Uint8Array(Math.max(2, bytes)).fill(0xa5);
  unit[0] = 0x60 | type;
  return unit;
}

export interface FrameWish {
  receivedAt?: number;
  bytes?: number;
  sps?: Uint8Array;
  codec?: VideoCodec;
}

function frame(key: boolean, data: Uint8Array, wish: FrameWish): Frame {
  const receivedAt = wish.receivedAt ?? 1_000;
  const codec = wish.codec ?? 'h264';
  return { key, codec, payloadType: 98, ptsMs: receivedAt, deviceMs: BigInt(receivedAt), receivedAt, data };
}

/** SPS, PPS and an IDR slice of `bytes` bytes. */
export function keyFrame(wish: FrameWish = {}): Frame {
  return frame(true, annexB(wish.sps ?? spsCif, pps, slice(5, wish.bytes ?? 40)), wish);
}

/** An IDR slice alone. */
export function bareKeyFrame(wish: FrameWish = {}): Frame {
  return frame(true, annexB(slice(5, wish.bytes ?? 40)), wish);
}

/** SPS and PPS without a picture. */
export function parameterUnit(wish: FrameWish = {}): Frame {
  return frame(false, annexB(wish.sps ?? spsCif, pps), wish);
}

/** A P slice. */
export function deltaFrame(wish: FrameWish = {}): Frame {
  return frame(false, annexB(slice(1, wish.bytes ?? 20)), wish);
}

export function audioPacket(receivedAt = 1_000): AudioPacket {
  return { payloadType: 6, ptsMs: receivedAt, receivedAt, data: Uint8Array.of(0xd5, 0xd5, 0xd5) };
}
