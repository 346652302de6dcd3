import { BufferSource, EncodedPacketSink, Input, MP4 } from 'mediabunny';
import type { Unit } from './foreign-packet.ts';

export interface RecordedFrame {
  /** The last NAL unit: its picture, which no other frame of these tests shares. */
  readonly picture: Buffer;
  readonly key: boolean;
  /** Media time in the file. */
  readonly ms: number;
}

/** The pictures of a recorded file in the order of the file, as far as it can be read. */
export async function framesIn(file: Uint8Array): Promise<RecordedFrame[]> {
  const input = new Input({ source: new BufferSource(file), formats: [MP4] });
  const frames: RecordedFrame[] = [];
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return frames;
    const sink = new EncodedPacketSink(track);
    for (let packet = await sink.getFirstPacket(); packet; packet = await sink.getNextPacket(packet)) {
      const bytes = Buffer.from(packet.data);
      let picture = bytes;
      for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32BE(at))
        picture = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
      frames.push({ picture, key: packet.type === 'key', ms: packet.timestamp * 1000 });
    }
  } catch {
    return frames;
  } finally {
    input.dispose();
  }
  return frames;
}

/** For each frame the place of the unit that ends in its picture, or -1. */
export function sentPlaces(frames: readonly RecordedFrame[], units: readonly Unit[]): number[] {
  const places = new Map(units.map(({ data }, index) => [pictureOf(data).toString('latin1'), index]));
  return frames.map(({ picture }) => places.get(picture.toString('latin1')) ?? -1);
}

function pictureOf(data: Buffer): Buffer {
  return data.subarray(data.lastIndexOf(Buffer.from([0, 0, 1])) + 3);
}

/** 0, 1, 2 … */
export function firstPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
