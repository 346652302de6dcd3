import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** One 808 message, taken apart by the offsets of the standard's table 2 and by nothing of ours. */
export interface Said {
  link: Socket;
  id: number;
  is2019: boolean;
  phone: string;
  serial: number;
  body: Buffer;
}

/** One stream packet, taken apart by table 19 of JT/T 1078-2016. */
export interface Sent {
  transport: 'udp' | 'tcp';
  source: string;
  payloadType: number;
  marker: boolean;
  sequence: number;
  sim: string;
  channel: number;
  type: number;
  part: number;
  timestamp: number;
  sinceKey: number;
  sinceFrame: number;
  payload: Buffer;
}

/** What a platform says to a registration and to an authentication; undefined: nothing. */
export interface Manners {
  register?: (said: Said) => { result: number; code: string } | undefined;
  authenticate?: (said: Said) => number | undefined;
}

/** A platform of a few lines that reads and writes bytes by the standards' layouts. */
export class ByteServer {
  readonly said: Said[] = [];
  readonly packets: Sent[] = [];
  readonly links = new Set<Socket>();
  /** Signalling bytes that belonged to no frame. */
  junk = 0;
  #manners: Manners;
  #serial = 0;
  #signal!: Server;
  #media!: Server;
  #udp!: UdpSocket;
  readonly #mediaLinks = new Set<Socket>();
  #simBytes: 6 | 10;

  constructor(options: { simBytes?: 6 | 10; manners?: Manners } = {}) {
    this.#simBytes = options.simBytes ?? 6;
    this.#manners = options.manners ?? {};
  }

  async listen(): Promise<this> {
    this.#signal = createServer(link => this.#welcome(link));
    this.#media = createServer(link => this.#receive(link));
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (bytes, from) => {
      if (bytes.readUInt32BE(0) === 0x30316364) this.#packet(bytes, 'udp', `${from.address}:${from.port}`);
    });
    await Promise.all([
      new Promise<void>(done => this.#signal.listen(0, '127.0.0.1', done)),
      new Promise<void>(done => this.#media.listen(0, '127.0.0.1', done)),
      new Promise<void>(done => this.#udp.bind(0, '127.0.0.1', done)),
    ]);
    return this;
  }

  get port(): number {
    return (this.#signal.address() as AddressInfo).port;
  }

  get mediaPort(): number {
    return (this.#media.address() as AddressInfo).port;
  }

  get udpPort(): number {
    return this.#udp.address().port;
  }

  get mediaLinks(): number {
    return this.#mediaLinks.size;
  }

  async close(): Promise<void> {
    for (const link of [...this.links, ...this.#mediaLinks]) link.destroy();
    await Promise.all([
      new Promise(done => this.#signal.close(done)),
      new Promise(done => this.#media.close(done)),
      new Promise<void>(done => this.#udp.close(done)),
    ]);
  }

  /** Messages of an id, oldest first. */
  of(id: number): Said[] {
    return this.said.filter(one => one.id === id);
  }

  /** Says something to whoever said `to`. */
  say(to: Said, id: number, body: Buffer): number {
    this.#serial = (this.#serial + 1) & 0xffff;
    const head = Buffer.alloc(to.is2019 ? 17 : 12);
    head.writeUInt16BE(id, 0);
    head.writeUInt16BE(body.length | (to.is2019 ? 0x4000 : 0), 2);
    if (to.is2019) head[4] = 1;
    Buffer.from(to.phone, 'hex').copy(head, to.is2019 ? 5 : 4);
    head.writeUInt16BE(this.#serial, head.length - 2);
    const plain = [...head, ...body];
    plain.push(plain.reduce((sum, byte) => sum ^ byte, 0));
    const out = [0x7e];
    for (const byte of plain)
      if (byte === 0x7e) out.push(0x7d, 0x02);
      else if (byte === 0x7d) out.push(0x7d, 0x01);
      else out.push(byte);
    out.push(0x7e);
    to.link.write(Buffer.from(out));
    return this.#serial;
  }

  /** 0x9101 as §5.5.1 lays it out. */
  ask(
    to: Said,
    channel: number,
    options: { tcp?: boolean; udp?: boolean; type?: number; stream?: number } = {},
  ): number {
    const address = Buffer.from('127.0.0.1');
    const tail = Buffer.alloc(7);
    tail.writeUInt16BE(options.tcp ? this.mediaPort : 0, 0);
    tail.writeUInt16BE(options.udp ? this.udpPort : 0, 2);
    tail[4] = channel;
    tail[5] = options.type ?? 1;
    tail[6] = options.stream ?? 1;
    return this.say(to, 0x9101, Buffer.concat([Buffer.of(address.length), address, tail]));
  }

  /** The general reply 0x0001 to message `serial`, as its result. */
  async replyTo(serial: number): Promise<number> {
    const reply = await this.until(() => this.of(0x0001).find(one => one.body.readUInt16BE(0) === serial));
    return reply.body[4] as number;
  }

  /** Waits for something to come true; fails after ten seconds. */
  async until<Value>(what: () => Value | undefined | false | 0): Promise<Value> {
    for (let left = 1000; left > 0; left--) {
      const value = what();
      if (value) return value;
      await new Promise(done => setTimeout(done, 10));
    }
    throw new Error(`waited in vain for ${what}`);
  }

  #welcome(link: Socket): void {
    this.links.add(link);
    let pending = Buffer.alloc(0);
    link.on('error', () => undefined);
    link.on('close', () => this.links.delete(link));
    link.on('data', chunk => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const from = pending.indexOf(0x7e);
        if (from < 0) return;
        this.junk += from;
        const to = pending.indexOf(0x7e, from + 1);
        if (to < 0) {
          pending = pending.subarray(from);
          return;
        }
        const said = to > from + 1 ? this.#frame(link, pending.subarray(from + 1, to)) : undefined;
        if (!said) this.junk += to - from;
        pending = pending.subarray(said ? to + 1 : to);
        if (said) this.#hear(said);
      }
    });
  }

  #frame(link: Socket, escaped: Buffer): Said | undefined {
    const bytes = Buffer.from(
      escaped.toString('latin1').replaceAll('\x7d\x02', '\x7e').replaceAll('\x7d\x01', '\x7d'),
      'latin1',
    );
    if (bytes.length < 13 || bytes.reduce((sum, byte) => sum ^ byte, 0) !== 0) return undefined;
    const properties = bytes.readUInt16BE(2);
    const is2019 = (properties & 0x4000) !== 0;
    const bodyAt = is2019 ? 17 : 12;
    const body = bytes.subarray(bodyAt, -1);
    if (body.length !== (properties & 0x3ff)) return undefined;
    return {
      link,
      id: bytes.readUInt16BE(0),
      is2019,
      phone: bytes.subarray(is2019 ? 5 : 4, bodyAt - 2).toString('hex'),
      serial: bytes.readUInt16BE(bodyAt - 2),
      body: Buffer.from(body),
    };
  }

  #hear(said: Said): void {
    this.said.push(said);
    const reply = Buffer.alloc(5);
    reply.writeUInt16BE(said.serial, 0);
    reply.writeUInt16BE(said.id, 2);
    if (said.id === 0x0100) {
      const answer = this.#manners.register ? this.#manners.register(said) : { result: 0, code: `code-${said.phone}` };
      if (!answer) return;
      const code = answer.result === 0 ? Buffer.from(answer.code) : Buffer.alloc(0);
      this.say(said, 0x8100, Buffer.concat([reply.subarray(0, 2), Buffer.of(answer.result), code]));
    } else if (said.id === 0x0102) {
      const result = this.#manners.authenticate ? this.#manners.authenticate(said) : 0;
      if (result === undefined) return;
      reply[4] = result;
      this.say(said, 0x8001, reply);
    } else if (said.id !== 0x0001 && said.id < 0x1000) this.say(said, 0x8001, reply);
  }

  #receive(link: Socket): void {
    this.#mediaLinks.add(link);
    const source = `${link.remoteAddress}:${link.remotePort}`;
    let pending = Buffer.alloc(0);
    link.on('error', () => undefined);
    link.on('close', () => this.#mediaLinks.delete(link));
    link.on('data', chunk => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const at = pending.indexOf('01cd');
        if (at < 0) return;
        const taken = this.#packet(pending.subarray(at), 'tcp', source);
        if (taken === 0) return;
        pending = pending.subarray(at + taken);
      }
    });
  }

  /** @returns bytes of the packet, 0 when not all of it is there */
  #packet(bytes: Buffer, transport: 'udp' | 'tcp', source: string): number {
    const typeAt = 9 + this.#simBytes;
    if (bytes.length < typeAt + 11) return 0;
    const type = (bytes[typeAt] as number) >> 4;
    const lengthAt = typeAt + (type < 3 ? 13 : 9);
    if (bytes.length < lengthAt + 2) return 0;
    const end = lengthAt + 2 + bytes.readUInt16BE(lengthAt);
    if (bytes.length < end) return 0;
    this.packets.push({
      transport,
      source,
      payloadType: (bytes[5] as number) & 0x7f,
      marker: (bytes[5] as number) >= 0x80,
      sequence: bytes.readUInt16BE(6),
      sim: bytes.subarray(8, 8 + this.#simBytes).toString('hex'),
      channel: bytes[typeAt - 1] as number,
      type,
      part: (bytes[typeAt] as number) & 15,
      timestamp: Number(bytes.readBigUInt64BE(typeAt + 1)),
      sinceKey: type < 3 ? bytes.readUInt16BE(typeAt + 9) : 0,
      sinceFrame: type < 3 ? bytes.readUInt16BE(typeAt + 11) : 0,
      payload: Buffer.from(bytes.subarray(lengthAt + 2, end)),
    });
    return end;
  }
}

/** Access units of a channel, put together by the sub-package nibble; only unbroken ones. */
export function accessUnits(packets: readonly Sent[]): { key: boolean; timestamp: number; data: Buffer }[] {
  const units: { key: boolean; timestamp: number; data: Buffer }[] = [];
  let parts: Buffer[] = [];
  for (const one of packets) {
    if (one.payloadType !== 98) continue;
    if (one.part === 0 || one.part === 1) parts = [];
    parts.push(one.payload);
    if (one.part === 0 || one.part === 2)
      units.push({ key: one.type === 0, timestamp: one.timestamp, data: Buffer.concat(parts) });
  }
  return units;
}
