import { createSoundDecoder, type SoundDecoder } from '../codec/audio/decoder.ts';

/** What a terminal heard of its platform. */
export interface Heard {
  packets: number;
  /** Table 12; of the newest packet. */
  payloadType: number;
  /** Payload of the newest packet. */
  payloadBytes: number;
  /** Packets that the numbers skipped. */
  lost: number;
  /** Bytes that were no packet of sound for this terminal and channel. */
  junkBytes: number;
  /** The last second at 8 kHz, oldest first. */
  samples: Int16Array;
}

const magic = Buffer.of(0x30, 0x31, 0x63, 0x64, 0x81);
/** Bytes behind the SIM field: channel, type, timestamp, length. */
const behindSim = 12;
const soundType = 0x3;
/** A platform's packet is never longer (table 19). */
const maxPayload = 950;
const rememberedSamples = 8000;

/**
 * The loudspeaker of a simulated cab: reads what comes back over the connection that a talk was opened on. A terminal knows
 * its own SIM field, so it reads by that and by nothing else.
 */
export class TalkEar {
  readonly heard: Heard = {
    ...{ packets: 0, payloadType: 0, payloadBytes: 0, lost: 0, junkBytes: 0 },
    samples: new Int16Array(0),
  };
  readonly #sim: Uint8Array;
  readonly #channel: number;
  #rest: Buffer = Buffer.alloc(0);
  #sequence = -1;
  #decoder: SoundDecoder | undefined;

  constructor(sim: Uint8Array, channel: number) {
    this.#sim = sim;
    this.#channel = channel;
  }

  /** Bytes of a TCP connection, in any pieces, or one datagram. */
  take(chunk: Uint8Array): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : Buffer.from(chunk);
    while (bytes.length > 0) {
      const length = this.#packet(bytes);
      if (length === 0) break;
      bytes = bytes.subarray(length);
    }
    this.#rest = Buffer.from(bytes);
  }

  /** @returns bytes used, 0 while more are needed */
  #packet(bytes: Buffer): number {
    const at = bytes.indexOf(magic);
    if (at !== 0) return this.#skip(at < 0 ? Math.max(0, bytes.length - magic.length + 1) : at);
    const simAt = magic.length + 3;
    const headerEnd = simAt + this.#sim.length + behindSim;
    if (bytes.length < headerEnd) return 0;
    const length = bytes.readUInt16BE(headerEnd - 2);
    const isOurs =
      bytes.subarray(simAt, simAt + this.#sim.length).equals(this.#sim) &&
      bytes[headerEnd - behindSim] === this.#channel &&
      bytes[headerEnd - behindSim + 1] === soundType << 4 &&
      length <= maxPayload;
    if (!isOurs) return this.#skip(magic.length);
    if (bytes.length < headerEnd + length) return 0;
    this.#sound(bytes, bytes.subarray(headerEnd, headerEnd + length));
    return headerEnd + length;
  }

  #skip(bytes: number): number {
    this.heard.junkBytes += bytes;
    return bytes;
  }

  #sound(header: Buffer, payload: Buffer): void {
    const { heard } = this;
    const payloadType = header[5]! & 0x7f;
    const sequence = header.readUInt16BE(6);
    if (this.#sequence >= 0) heard.lost += (sequence - this.#sequence - 1) & 0xffff;
    this.#sequence = sequence;
    if (payloadType !== heard.payloadType) this.#decoder = createSoundDecoder(payloadType);
    heard.packets++;
    heard.payloadType = payloadType;
    heard.payloadBytes = payload.length;
    const samples = this.#decoder?.decode(payload);
    if (!samples) return;
    const kept = heard.samples.subarray(Math.max(0, heard.samples.length + samples.length - rememberedSamples));
    const next = new Int16Array(kept.length + samples.length);
    next.set(kept);
    next.set(samples, kept.length);
    heard.samples = next;
  }
}
