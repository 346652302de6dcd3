/** IMA Digital Audio Focus, "Recommended Practices for Enhancing Digital Audio Compatibility" 3.00, §6. */
const steps = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
  130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
  1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
  7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const moves = [-1, -1, -1, -1, 2, 4, 6, 8];
const lastStep = steps.length - 1;

/** Predicted sample, and the place in the table of steps (0 to 88). */
export interface ImaState {
  predictor: number;
  index: number;
}

/**
 * One code of four bits. The difference is summed from whole shifts of the step, as the document has it: multiplying instead
 * (as decoders of some game formats do) is off by a few, and the recorders' own state then never meets ours.
 */
export function decodeIma(state: ImaState, code: number): number {
  const step = steps[state.index]!;
  const size = (step >> 3) + (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
  const next = state.predictor + (code & 8 ? -size : size);
  state.predictor = next > 32767 ? 32767 : next < -32768 ? -32768 : next;
  state.index = clampIndex(state.index + moves[code & 7]!);
  return state.predictor;
}

/** @returns the code of four bits, and moves the state as its decoder will */
export function encodeIma(state: ImaState, sample: number): number {
  const step = steps[state.index]!;
  let rest = Math.abs(sample - state.predictor);
  let code = sample < state.predictor ? 8 : 0;
  for (const [bit, part] of [
    [4, step],
    [2, step >> 1],
    [1, step >> 2],
  ] as const) {
    if (rest < part) continue;
    code |= bit;
    rest -= part;
  }
  decodeIma(state, code);
  return code;
}

/**
 * How a packet carries its codes. `pt26` of recorders with HiSilicon chips: predictor little-endian, index, 0; the end state
 * of each of their packets is the header of the next. `dvi4` (RFC 3551 §4.5.1): predictor big-endian, index, 0. Both put the
 * first sample into the high nibble; some senders do not.
 */
export interface ImaLayout {
  readonly isLittleEndian: boolean;
  readonly isHighFirst: boolean;
}

export const imaLayouts = {
  pt26: { isLittleEndian: true, isHighFirst: true },
  dvi4: { isLittleEndian: false, isHighFirst: true },
} as const satisfies Record<string, ImaLayout>;

export const imaHeaderBytes = 4;

/** @param packet at least `imaHeaderBytes` long */
export function readImaState(packet: Uint8Array, { isLittleEndian }: ImaLayout): ImaState {
  const raw = isLittleEndian ? packet[0]! | (packet[1]! << 8) : (packet[0]! << 8) | packet[1]!;
  return { predictor: (raw << 16) >> 16, index: clampIndex(packet[2]!) };
}

/** @returns the whole packet's samples, none when it has no more than its header; `state` ends as the packet does */
export function decodeImaPacket(packet: Uint8Array, layout: ImaLayout, state: ImaState): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(Math.max(0, packet.length - imaHeaderBytes) * 2);
  let count = 0;
  for (let at = imaHeaderBytes; at < packet.length; at++) {
    const byte = packet[at]!;
    samples[count++] = decodeIma(state, layout.isHighFirst ? byte >> 4 : byte & 15);
    samples[count++] = decodeIma(state, layout.isHighFirst ? byte & 15 : byte >> 4);
  }
  return samples;
}

/** @param samples an even number of them @returns a packet that begins with the state before it */
export function encodeImaPacket(samples: Int16Array, layout: ImaLayout, state: ImaState): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(imaHeaderBytes + (samples.length >> 1));
  const raw = state.predictor & 0xffff;
  packet[0] = layout.isLittleEndian ? raw & 0xff : raw >> 8;
  packet[1] = layout.isLittleEndian ? raw >> 8 : raw & 0xff;
  packet[2] = state.index;
  for (let at = 0; at + 1 < samples.length; at += 2) {
    const first = encodeIma(state, samples[at]!);
    const second = encodeIma(state, samples[at + 1]!);
    packet[imaHeaderBytes + (at >> 1)] = layout.isHighFirst ? (first << 4) | second : (second << 4) | first;
  }
  return packet;
}

function clampIndex(index: number): number {
  return index < 0 ? 0 : index > lastStep ? lastStep : index;
}
