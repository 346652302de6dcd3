import { connect, type Socket } from 'node:net';
import { eventually } from '../accept/eventually.ts';
import { registrationBody, type WireHead, type WireMessage, wireFrame, wireMessages, word } from './wire.ts';

/** A terminal that speaks 808 byte by byte, as the standard's text has it, and does nothing by itself. */
export class HandTerminal {
  readonly phone: string;
  readonly socket: Socket;
  readonly received: WireMessage[] = [];
  serial = 1;
  isClosed = false;
  #rest = Buffer.alloc(0);

  private constructor(phone: string, socket: Socket) {
    this.phone = phone;
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      const { messages, rest } = wireMessages(Buffer.concat([this.#rest, chunk]));
      this.received.push(...messages);
      this.#rest = Buffer.from(rest);
    });
  }

  /** @param from the address it has */
  static async dial(port: number, phone: string, from = '127.0.0.1'): Promise<HandTerminal> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HandTerminal(phone, socket);
  }

  /** Returns the serial it was sent with. */
  send(id: number, body: Uint8Array = Buffer.of(), more: Partial<WireHead> = {}): number {
    const serial = more.serial ?? this.serial++;
    this.socket.write(wireFrame({ id, phone: this.phone, ...more, serial }, body));
    return serial;
  }

  /** The next message with this id that fits, taken out of what came. */
  async take(id: number, fits: (message: WireMessage) => boolean = () => true): Promise<WireMessage> {
    const at = () => this.received.findIndex(message => message.id === id && fits(message));
    await eventually(`message ${id.toString(16)} for ${this.phone}`, () => at() >= 0);
    return this.received.splice(at(), 1)[0] as WireMessage;
  }

  /** The result of the 0x8001 that answers this serial and id. */
  async result(serial: number, id: number): Promise<number> {
    const expected = Buffer.concat([word(serial), word(id)]);
    const reply = await this.take(0x8001, ({ body }) => body.subarray(0, 4).equals(expected));
    if (reply.body.length !== 5) throw new Error(`0x8001 has ${reply.body.length} bytes`);
    return reply.body[4] as number;
  }

  /** Sends and waits for the 0x8001 of it. */
  async ask(id: number, body: Uint8Array = Buffer.of(), more: Partial<WireHead> = {}): Promise<number> {
    return this.result(this.send(id, body, more), id);
  }

  async register(layout?: '2011' | '2013' | '2019'): Promise<{ result: number; code: Buffer }> {
    const serial = this.send(0x0100, registrationBody(layout ?? (this.phone.length === 20 ? '2019' : '2013')));
    const { body } = await this.take(0x8100, message => message.body.readUInt16BE(0) === serial);
    return { result: body[2] as number, code: Buffer.from(body.subarray(3)) };
  }

  async authenticate(code: Uint8Array): Promise<number> {
    const body =
      this.phone.length === 20
        ? Buffer.concat([Buffer.of(code.length), code, Buffer.alloc(15, '1'), Buffer.alloc(20)])
        : code;
    return this.ask(0x0102, body);
  }

  /** Registers and authenticates; returns the code. */
  async enter(): Promise<Buffer> {
    const { result, code } = await this.register();
    if (result !== 0) throw new Error(`registration refused: ${result}`);
    const authenticated = await this.authenticate(code);
    if (authenticated !== 0) throw new Error(`authentication refused: ${authenticated}`);
    return code;
  }

  /** 0x0001. */
  acknowledge(command: WireMessage, result = 0): void {
    this.send(0x0001, Buffer.concat([word(command.serial), word(command.id), Buffer.of(result)]));
  }

  /** All that was sent so far has been seen by the platform: a beat after it was answered. */
  async settle(): Promise<void> {
    await this.ask(0x0002);
  }
}
