import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { dword, word } from './foreign-frame.ts';

/** A packet of sound that a platform sent to a terminal. */
export interface TalkPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly sim: string;
  readonly channel: number;
  readonly type: number;
  readonly ms: number;
  readonly payload: Buffer;
  /** When it came, ms of this process. */
  readonly at: number;
}

/**
 * A terminal's connection for a talk, written from table 19 alone: it says who it is with its own sound and takes what
 * comes back apart. Anything that is no packet is a fault of the platform: `fault`.
 */
export class ForeignTalk {
  readonly packets: TalkPacket[] = [];
  fault: Error | undefined;
  isClosed = false;
  readonly #simBytes: 6 | 10;
  readonly #sim: string;
  readonly #channel: number;
  readonly #write: (bytes: Buffer) => void;
  readonly #cut: () => void;
  #rest: Buffer = Buffer.alloc(0);
  #sequence = 0;

  private constructor(sim: string, channel: number, write: (bytes: Buffer) => void, cut: () => void) {
    this.#sim = sim;
    this.#simBytes = (sim.length / 2) as 6 | 10;
    this.#channel = channel;
    this.#write = write;
    this.#cut = cut;
  }

  /** @param sim 12 or 20 digits */
  static async overTcp(port: number, sim: string, channel: number): Promise<ForeignTalk> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const talk = new ForeignTalk(
      sim,
      channel,
      bytes => socket.write(bytes),
      () => socket.destroy(),
    );
    socket.on('data', chunk => talk.#take(chunk as Buffer));
    socket.on('close', () => {
      talk.isClosed = true;
    });
    return talk;
  }

  static async overUdp(port: number, sim: string, channel: number): Promise<ForeignTalk> {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const talk = new ForeignTalk(
      sim,
      channel,
      bytes => socket.send(bytes),
      () => socket.close(),
    );
    socket.on('message', bytes => talk.#take(bytes));
    return talk;
  }

  /** On a connection that somebody else reads and writes. */
  static over(sim: string, channel: number, write: (bytes: Buffer) => void): ForeignTalk {
    return new ForeignTalk(sim, channel, write, () => undefined);
  }

  /** What came over it. */
  take(bytes: Buffer): void {
    this.#take(bytes);
  }

  say(payloadType: number, payload: Buffer): void {
    const packet = Buffer.concat([
      Buffer.from('3031636481', 'hex'),
      Buffer.from([0x80 | payloadType]),
      word(this.#sequence),
      Buffer.from(this.#sim, 'hex'),
      Buffer.from([this.#channel, 0x30]),
      dword(0),
      dword(this.#sequence * 20),
      word(payload.length),
      payload,
    ]);
    this.#sequence++;
    this.#write(packet);
  }

  cut(): void {
    this.#cut();
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const lengthAt = 8 + this.#simBytes + 10;
    while (this.#rest.length >= lengthAt + 2 && !this.fault) {
      const length = this.#rest.readUInt16BE(lengthAt);
      const end = lengthAt + 2 + length;
      if (this.#rest.length < end) return;
      this.#packet(this.#rest.subarray(0, end), lengthAt);
      this.#rest = this.#rest.subarray(end);
    }
  }

  #packet(bytes: Buffer, lengthAt: number): void {
    if (bytes.subarray(0, 5).toString('hex') !== '3031636481') this.fault = new Error('no packet begins here');
    const channelAt = 8 + this.#simBytes;
    this.packets.push({
      payloadType: bytes[5]! & 0x7f,
      marker: bytes[5]! >= 0x80,
      sequence: bytes.readUInt16BE(6),
      sim: bytes.subarray(8, channelAt).toString('hex'),
      channel: bytes[channelAt]!,
      type: bytes[channelAt + 1]!,
      ms: Number(bytes.readBigUInt64BE(channelAt + 2)),
      payload: bytes.subarray(lengthAt + 2),
      at: performance.now(),
    });
  }
}

/** G.711 A-law by the formula of ITU-T G.711, 16 bits. */
export function fromALaw(bytes: Buffer): number[] {
  return [...bytes].map(byte => {
    const code = byte ^ 0x55;
    const exponent = (code & 0x70) >> 4;
    const mantissa = code & 0x0f;
    const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
    return code & 0x80 ? size : -size;
  });
}

/** How much of the samples' energy is a tone of `hz`, 0 to 1 (a single bin of Fourier's). */
export function shareOfTone(samples: readonly number[], hz: number, rate = 8000): number {
  let re = 0;
  let im = 0;
  let all = 0;
  samples.forEach((sample, at) => {
    re += sample * Math.cos((2 * Math.PI * hz * at) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * at) / rate);
    all += sample * sample;
  });
  return all === 0 ? 0 : (2 * (re * re + im * im)) / samples.length / all;
}
