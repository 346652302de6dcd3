import { encodePacket } from '../electron/codec/jt1078/packet.ts';

const payloadBytes = 950;
const framesPerSecond = 25;
/** One I frame a second of 20 kB and 24 P frames of 4.4 kB: about 1 Mbit/s. */
const keyFrameBytes = 20_000;
const frameBytes = 4_400;

/** H.264-like: start codes and NAL types are real, what follows is noise without start codes. */
export function accessUnit(isKey: boolean, size: number, seed: number): Uint8Array {
  const lead = isKey
    ? [
        0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01, 0x60, 0x96, 0xc4, 0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80, 0, 0, 0,
        1, 0x65,
      ]
    : [0, 0, 0, 1, 0x61];
  const unit = new Uint8Array(size);
  unit.set(lead);
  let noise = seed | 1;
  for (let at = lead.length; at < size; at++) {
    noise = (Math.imul(noise, 1103515245) + 12345) | 0;
    unit[at] = ((noise >>> 16) & 0xff) | 4;
  }
  return unit;
}

/** The SIM field of camera vehicle `vehicle`, 6 bytes BCD. */
export function simOf(vehicle: number): Uint8Array {
  const digits = `0139${String(vehicle).padStart(8, '0')}`;
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

/** The packets of one camera for `seconds`, one array per frame. */
export function cameraPackets(vehicle: number, channel: number, seconds: number): Uint8Array[][] {
  const frames: Uint8Array[][] = [];
  const sim = simOf(vehicle);
  let sequence = vehicle * 977;
  for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
    const isKey = frame % framesPerSecond === 0;
    const unit = accessUnit(isKey, isKey ? keyFrameBytes : frameBytes, vehicle * 131 + frame);
    const count = Math.ceil(unit.length / payloadBytes);
    const packets = Array.from({ length: count }, (_, index) =>
      encodePacket({
        payloadType: 98,
        marker: index === count - 1,
        sequence: sequence + index,
        sim,
        channel,
        dataType: isKey ? 0 : 1,
        part: count === 1 ? 0 : index === 0 ? 1 : index === count - 1 ? 2 : 3,
        timestamp: BigInt(frame * (1000 / framesPerSecond)),
        payload: unit.subarray(index * payloadBytes, (index + 1) * payloadBytes),
      }),
    );
    sequence += count;
    frames.push(packets);
  }
  return frames;
}

/** Several cameras on one connection: a frame of each in turn, as encoders hand them over. */
export function interleaveFrames(cameras: readonly Uint8Array[][][]): Uint8Array {
  const frames = Math.max(...cameras.map(camera => camera.length));
  const pieces = Array.from({ length: frames }, (_, frame) => cameras.flatMap(camera => camera[frame] ?? []));
  return new Uint8Array(Buffer.concat(pieces.flat()));
}

/** The same, a packet of each in turn: the worst order for whatever remembers the last camera. */
export function interleavePackets(cameras: readonly Uint8Array[][][]): Uint8Array {
  const queues = cameras.map(camera => camera.flat());
  const longest = Math.max(...queues.map(queue => queue.length));
  const pieces = Array.from({ length: longest }, (_, index) => queues.flatMap(queue => queue[index] ?? []));
  return new Uint8Array(Buffer.concat(pieces.flat()));
}
