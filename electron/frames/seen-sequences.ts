import type { Packet } from '../codec/jt1078/packet.ts';

/** Sequence numbers remembered; also how far a number may be off before it is no longer taken for a loss or a straggler. */
export const rememberedSequences = 512;

/**
 * The last packets of a counter: to know a replayed packet from a new one with the same number (a device that restarted),
 * and one number on two channels, which shows that each channel counts for itself.
 */
export class SeenSequences {
  /** sequence | channel << 16, or -1. */
  readonly #numbers = new Int32Array(rememberedSequences).fill(-1);
  readonly #prints = new Int32Array(rememberedSequences);

  add(packet: Packet): void {
    const row = packet.sequence % rememberedSequences;
    this.#numbers[row] = packet.sequence | (packet.channel << 16);
    this.#prints[row] = printOf(packet);
  }

  has(packet: Packet): boolean {
    const row = packet.sequence % rememberedSequences;
    return this.#numbers[row] === (packet.sequence | (packet.channel << 16)) && this.#prints[row] === printOf(packet);
  }

  /** Channel that a remembered number came on, or -1. */
  channelOf(sequence: number): number {
    const number = this.#numbers[sequence % rememberedSequences] as number;
    return number >= 0 && (number & 0xffff) === sequence ? number >> 16 : -1;
  }
}

/** Not the whole payload: its length, ends and middle tell packets of one number apart well enough. */
function printOf(packet: Packet): number {
  const { payload } = packet;
  const { length } = payload;
  let print = Number(packet.timestamp) | 0;
  print = Math.imul(print ^ length, 0x01000193) ^ ((packet.dataType << 4) | packet.part);
  print = Math.imul(print ^ (payload[length >> 1] ?? 0), 0x01000193) ^ (payload[length - 1] ?? 0);
  return Math.imul(print ^ (payload[0] ?? 0), 0x01000193) ^ packet.payloadType;
}
