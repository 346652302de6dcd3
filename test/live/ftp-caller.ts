import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './exactness.ts';

/** A client of FTP on raw sockets that says whatever it is told to. */
export class FtpCaller {
  readonly #socket: Socket;
  #text = '';
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', text => {
      this.#text += String(text);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<FtpCaller> {
    const socket = connect({ port, host, noDelay: true });
    const caller = new FtpCaller(socket);
    await caller.reply();
    return caller;
  }

  /** A connection without a word. */
  static async raw(port: number, host: string): Promise<Socket> {
    const socket = connect({ port, host });
    await once(socket, 'connect');
    return socket;
  }

  /** The next reply, its last line. */
  async reply(): Promise<string> {
    let found = '';
    await until('a reply', () => {
      const match = /^(\d{3} [^\r]*)\r\n/m.exec(this.#text);
      if (match) {
        found = match[1]!;
        this.#text = this.#text.slice(match.index + match[0].length);
      } else if (this.isClosed) found = 'closed';
      return found !== '';
    });
    return found;
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  write(bytes: string): void {
    this.#socket.write(bytes);
  }

  async login(user: string, password: string): Promise<string> {
    await this.say(`USER ${user}`);
    return this.say(`PASS ${password}`);
  }

  /** Where a passive transfer goes. */
  async passive(): Promise<Socket> {
    const found = /\((\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\)/.exec(await this.say('PASV'));
    if (!found) throw new Error('no passive port');
    const [a, b, c, d, high, low] = found.slice(1).map(Number) as [number, number, number, number, number, number];
    const socket = connect({ host: [a, b, c, d].join('.'), port: high * 256 + low });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** @param verb with its path. @returns the last reply */
  async send(verb: string, bytes: Buffer): Promise<string> {
    const socket = await this.passive();
    const first = await this.say(verb);
    if (!first.startsWith('150')) {
      socket.destroy();
      return first;
    }
    socket.end(bytes);
    return this.reply();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** 0x9206, read by hand from 1078-2016 table 26. */
export function readUpload(body: Buffer) {
  let at = 0;
  const text = () => {
    const length = body[at]!;
    at += 1 + length;
    return body.toString('latin1', at - length, at);
  };
  const address = text();
  const port = body.readUInt16BE(at);
  at += 2;
  const [user, password, path] = [text(), text(), text()];
  const rest = body.subarray(at);
  return {
    ...{ address, port, user, password, path, channel: rest[0]! },
    from: rest.toString('hex', 1, 7),
    to: rest.toString('hex', 7, 13),
    tail: rest.toString('hex', 13),
  };
}
