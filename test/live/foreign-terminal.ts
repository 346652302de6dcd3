import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dialect, dword, type ForeignMessage, FrameCutter, frame, word } from './foreign-frame.ts';

/** How long anything may take on a machine that is busy with other things. */
const patienceMs = 15_000;

export interface TerminalOptions {
  readonly port: number;
  readonly dialect: Dialect;
  /** Digits as in the header: 12, or 20. */
  readonly phone: string;
  /** GBK. */
  readonly plate?: Buffer;
  /** Body of its 0x1003, in hexadecimal digits; empty: it never answers 0x9003. */
  readonly mediaProperties?: string;
}

/** What 0x9101 asks for. */
export interface LiveOrder {
  readonly message: ForeignMessage;
  readonly address: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly channel: number;
  readonly dataType: number;
  readonly stream: number;
}

/** A terminal on its signalling connection. Says nothing by itself, except what `answers` tells it to. */
export class ForeignTerminal {
  readonly phone: string;
  readonly dialect: Dialect;
  readonly #options: TerminalOptions;
  readonly #cutter = new FrameCutter();
  readonly #inbox: ForeignMessage[] = [];
  #socket: Socket | undefined;
  #serial = 0;
  #fault: Error | undefined;
  #closed = true;
  /** Result of the 0x0001 sent for a command, or undefined to stay silent. */
  answers: (command: ForeignMessage) => number | undefined = () => 0;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.phone = options.phone;
    this.dialect = options.dialect;
  }

  /** Takes packets of sound on the signalling connection. */
  hears(sound: (packet: Buffer) => void): void {
    this.#cutter.sound = sound;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** @param address of this machine, to connect to and to come from */
  async connect(address = '127.0.0.1'): Promise<void> {
    const socket = connect({ port: this.#options.port, host: address, localAddress: address, noDelay: true });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    this.#socket = socket;
    this.#closed = false;
    socket.on('data', chunk => this.#received(chunk as Buffer));
    socket.on('close', () => {
      if (this.#socket === socket) this.#closed = true;
    });
  }

  /** 0x0100 → 0x8100 → 0x0102 → 0x8001. @returns the code */
  async enrol(): Promise<string> {
    await this.connect();
    const code = await this.register();
    await this.authenticate(code);
    return code;
  }

  /** @returns the code of 0x8100 */
  async register(): Promise<string> {
    const is2019 = this.dialect === '2019';
    const serial = this.send(
      0x0100,
      Buffer.concat([
        word(44),
        word(300),
        padded('ACMEX', is2019 ? 11 : 5),
        padded('MDVR-4', is2019 ? 30 : 20),
        padded('0000042', is2019 ? 30 : 7),
        Buffer.from([1]),
        this.#options.plate ?? Buffer.from('TEST01'),
      ]),
    );
    const answer = await this.next(0x8100);
    if (answer.body.readUInt16BE(0) !== serial) throw new Error('0x8100 names another serial');
    if (answer.body[2] !== 0) throw new Error(`registration refused: ${answer.body[2]}`);
    return answer.body.subarray(3).toString('latin1');
  }

  /** @returns the result of 0x8001 */
  async tryCode(code: string): Promise<number> {
    const text = Buffer.from(code, 'latin1');
    const is2019 = this.dialect === '2019';
    const body = is2019
      ? Buffer.concat([Buffer.from([text.length]), text, padded('860000000000001', 15), padded('1.0', 20)])
      : text;
    return this.ask(0x0102, body);
  }

  async authenticate(code: string): Promise<void> {
    const result = await this.tryCode(code);
    if (result !== 0) throw new Error(`authentication refused: ${result}`);
  }

  /** Sends and waits for the 0x8001 that names it. @returns its result */
  async ask(id: number, body: Uint8Array = Buffer.alloc(0)): Promise<number> {
    const serial = this.send(id, body);
    const answer = await this.next(0x8001, message => message.body.readUInt16BE(0) === serial);
    if (answer.body.readUInt16BE(2) !== id) throw new Error('0x8001 names another id');
    return answer.body[4]!;
  }

  /** @returns its serial */
  send(id: number, body: Uint8Array = Buffer.alloc(0)): number {
    const serial = this.#serial;
    this.#serial = (serial + 1) & 0xffff;
    this.write(frame({ dialect: this.dialect, id, phone: this.phone, serial }, body));
    return serial;
  }

  /** Nothing behind the end of the connection: what is still asked then, nobody hears the answer to. */
  write(bytes: Uint8Array): void {
    if (this.#socket?.writable) this.#socket.write(bytes);
  }

  /** The first message with this id that nobody has taken yet; waits for it. */
  async next(
    id: number,
    fits: (message: ForeignMessage) => boolean = () => true,
    withinMs = patienceMs,
  ): Promise<ForeignMessage> {
    const end = performance.now() + withinMs;
    for (;;) {
      if (this.#fault) throw this.#fault;
      const at = this.#inbox.findIndex(message => message.id === id && fits(message));
      if (at >= 0) return this.#inbox.splice(at, 1)[0]!;
      if (performance.now() > end) throw new Error(`${this.phone} was never sent 0x${id.toString(16)}`);
      await sleep(5);
    }
  }

  /** Messages with this id that came and were not taken. */
  waiting(id: number): number {
    if (this.#fault) throw this.#fault;
    return this.#inbox.filter(message => message.id === id).length;
  }

  async nextLiveOrder(channel?: number, withinMs?: number): Promise<LiveOrder> {
    const fits = (message: ForeignMessage) => channel === undefined || readLiveOrder(message).channel === channel;
    return readLiveOrder(await this.next(0x9101, fits, withinMs));
  }

  /** Without a farewell. */
  cut(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#closed = true;
  }

  async end(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    const closed = once(socket, 'close');
    socket.end();
    socket.destroySoon();
    await closed;
  }

  #received(chunk: Buffer): void {
    try {
      for (const message of this.#cutter.push(chunk, this.phone.length / 2)) this.#take(message);
    } catch (thrown) {
      this.#fault ??= thrown as Error;
    }
  }

  #take(message: ForeignMessage): void {
    const is2019 = this.dialect === '2019';
    if (message.is2019 !== is2019 || message.phone !== this.phone.padStart(is2019 ? 20 : 12, '0'))
      throw new Error(`the header of 0x${message.id.toString(16)} is not of the terminal's own kind`);
    this.#inbox.push(message);
    // Commands only: 0x8001 and 0x8100 are answers themselves.
    if (message.id === 0x8001 || message.id === 0x8100) return;
    if (message.id === 0x9003) {
      if (this.#options.mediaProperties === '') return;
      this.send(0x1003, Buffer.from(this.#options.mediaProperties ?? '06010001014000620410', 'hex'));
      return;
    }
    const result = this.answers(message);
    if (result === undefined) return;
    this.send(0x0001, Buffer.concat([word(message.serial), word(message.id), Buffer.from([result])]));
  }
}

function readLiveOrder(message: ForeignMessage): LiveOrder {
  const { body } = message;
  const length = body[0]!;
  if (body.length !== length + 8) throw new Error('0x9101 is not as long as its parts');
  return {
    message,
    address: body.subarray(1, 1 + length).toString('latin1'),
    tcpPort: body.readUInt16BE(1 + length),
    udpPort: body.readUInt16BE(3 + length),
    channel: body[5 + length]!,
    dataType: body[6 + length]!,
    stream: body[7 + length]!,
  };
}

/** STRING in a field of fixed length: zeros behind. */
function padded(text: string, length: number): Buffer {
  const field = Buffer.alloc(length);
  field.write(text, 'latin1');
  return field;
}

/** 0x0200 without items: alarm, status, degrees, metres, tenths of km/h, degrees, `YYMMDDhhmmss` at GMT+8. */
export function locationBody(fields: {
  status: number;
  latitude: number;
  longitude: number;
  altitude: number;
  speed: number;
  direction: number;
  time: string;
}): Buffer {
  return Buffer.concat([
    dword(0),
    dword(fields.status),
    dword(Math.round(fields.latitude * 1e6)),
    dword(Math.round(fields.longitude * 1e6)),
    word(fields.altitude),
    word(Math.round(fields.speed * 10)),
    word(fields.direction),
    Buffer.from(fields.time, 'hex'),
  ]);
}

/** Where a terminal sends its media: a connection of its own, or a UDP port of its own. */
export interface MediaPath {
  send(bytes: Buffer): Promise<void>;
  cut(): void;
}

export async function mediaOverTcp(port: number): Promise<MediaPath> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  await once(socket, 'connect');
  return {
    async send(bytes) {
      if (socket.destroyed || socket.write(bytes)) return;
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    },
    cut: () => socket.destroy(),
  };
}

/** Pauses now and then: what is tested is the server, not the kernel's receive buffer. */
const datagramsPerTurn = 16;

export async function mediaOverUdp(port: number): Promise<MediaPath> {
  const socket: DatagramSocket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let sent = 0;
  let closed = false;
  return {
    async send(bytes) {
      if (closed) return;
      await new Promise<void>(done => socket.send(bytes, port, '127.0.0.1', () => done()));
      if (++sent % datagramsPerTurn === 0) await sleep(1);
    },
    cut() {
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
}
