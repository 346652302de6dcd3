import { connect, type Socket } from 'node:net';
import type { PartsRequest } from '../codec/jt808/body/parts-request.ts';
import { decodeFrame, encodeFrames, frameFlag, type Message } from '../codec/jt808/frame.ts';
import { type MessageId, type MessageValues, writeBody } from '../codec/jt808/messages.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { VehicleIdentity } from './vehicle-identity.ts';

/** Bytes kept while the second flag of a frame has not come; a server sends nothing near it. */
const longestFrame = 8192;
/** Bytes of one burst of garbage. */
const garbageLength = { from: 3, to: 60 };

export interface SignalLinkOptions {
  readonly identity: VehicleIdentity;
  readonly host: string;
  readonly port: number;
  readonly faults: Readonly<Faults>;
  readonly random: Random;
  opened(): void;
  message(message: Message): void;
  /** Once, however the connection ends. */
  closed(): void;
}

/** A terminal's 808 connection: frames out with running serials, frames in. */
export class SignalLink {
  readonly #options: SignalLinkOptions;
  readonly #socket: Socket;
  #pending: Uint8Array = new Uint8Array(0);
  #serial = 0;
  #parts: { firstSerial: number; frames: readonly Uint8Array[] } = { firstSerial: -1, frames: [] };
  #open = false;

  constructor(options: SignalLinkOptions) {
    this.#options = options;
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true });
    this.#socket.on('connect', () => {
      this.#open = true;
      options.opened();
    });
    this.#socket.on('data', chunk => this.#receive(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#open = false;
      options.closed();
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The server's address as this connection reached it, for a 0x9101 that names none. */
  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? this.#options.host;
  }

  /** @returns serial of the first frame, -1 when the connection is not open */
  send<Id extends MessageId>(id: Id, value: MessageValues[Id]): number {
    if (!this.#open) return -1;
    const { identity, faults, random } = this.#options;
    const serial = this.#serial;
    const body = writeBody(id, value, identity.version);
    const frames = encodeFrames({ id, version: identity.version, phone: identity.phoneBytes, serial }, body);
    this.#serial = (serial + frames.length) & 0xffff;
    if (faults.signalGarbagePercent > 0 && random() * 100 < faults.signalGarbagePercent)
      this.#socket.write(garbage(random));
    this.#sendParts(serial, frames);
    return serial;
  }

  /** Sub-packages that the platform misses (0x8003); the last message in parts is kept. */
  sendAgain({ firstSerial, indexes }: PartsRequest): void {
    if (!this.#open || firstSerial !== this.#parts.firstSerial) return;
    const { frames } = this.#parts;
    for (const index of indexes) {
      const frame = frames[index - 1];
      const isMissing = this.#options.faults.lastPartMissing && index === frames.length;
      if (frame && !isMissing) this.#socket.write(frame);
    }
  }

  #sendParts(firstSerial: number, frames: readonly Uint8Array[]): void {
    const { faults } = this.#options;
    if (frames.length === 1) {
      this.#socket.write(frames[0]!);
      return;
    }
    this.#parts = { firstSerial, frames };
    const isSent = (at: number) =>
      !(faults.lastPartMissing && at === frames.length - 1) && !(faults.partsLost && at % 3 === 2);
    const sent = frames.filter((_, at) => isSent(at));
    for (const frame of faults.partsReversed ? sent.reverse() : sent) this.#socket.write(frame);
  }

  /** Says no more and closes when all is sent. */
  end(): void {
    this.#socket.end();
  }

  /** Cuts the connection, as a vehicle in a tunnel does. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  #receive(chunk: Uint8Array): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let from = bytes.indexOf(frameFlag);
    for (let to = bytes.indexOf(frameFlag, from + 1); from >= 0 && to >= 0; to = bytes.indexOf(frameFlag, from + 1)) {
      const message = to === from + 1 ? undefined : decodeFrame(bytes.subarray(from + 1, to));
      if (message && typeof message !== 'string') {
        this.#options.message(message);
        from = bytes.indexOf(frameFlag, to + 1);
      } else from = to;
    }
    this.#pending =
      from < 0 || bytes.length - from > longestFrame ? new Uint8Array(0) : new Uint8Array(bytes.subarray(from));
  }
}

/** Random bytes, sometimes with the flag of a frame or the beginning of a stream packet among them. */
export function garbage(random: Random): Uint8Array {
  const length = garbageLength.from + Math.floor(random() * (garbageLength.to - garbageLength.from));
  const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
  if (random() < 0.3) bytes[Math.floor(random() * length)] = frameFlag;
  if (random() < 0.3) bytes.set([0x30, 0x31, 0x63]);
  return bytes;
}
