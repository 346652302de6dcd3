import { setTimeout as pause } from 'node:timers/promises';
import { Cursor } from '../codec/cursor.ts';
import { readDatagram } from '../codec/datagram.ts';
import { encodeFrame, type Header, type Message } from '../codec/jt808/frame.ts';
import { messages } from '../codec/jt808/messages.ts';
import { encodeText } from '../codec/text.ts';
import { contentOf, type TraceUnit } from '../codec/trace/trace-unit.ts';
import { defaultSettings } from '../config.ts';
import { traceUnits } from '../record/trace/trace-export.ts';
import { Tally } from '../tally.ts';
import { openLink, type ReplayLink } from './replay-link.ts';
import { ReplayPlan } from './replay-plan.ts';

export interface ReplayOptions {
  /** A trace in either form. */
  readonly file: string;
  readonly host: string;
  readonly signalPort: number;
  /** Until 0x9101 names another. */
  readonly mediaPort: number;
  /** 1 as it was, 2 twice as fast, 0 without pauses. */
  readonly speed: number;
  /** Longest wait for an answer of the server, and for it to ask for a camera whose media comes next. */
  readonly patienceMs: number;
}

export interface ReplayReport {
  messages: number;
  packets: number;
  bytes: number;
  /** Commands of the server that were answered. */
  answered: number;
  /** Units that a connection did not take: the server had closed it. */
  lost: number;
  /** Channels whose media was sent although nobody asked for it in time. */
  unasked: number[];
}

const registerId = 0x0100;
const authenticateId = 0x0102;

/**
 * Plays a vehicle from its trace into a server: what it said is said again byte for byte, at the same pace, over connections
 * of the same kinds. Two things are not as they were, for the server is another one: the authentication code is the one that
 * this server gives, and answers are given to the commands that it sends, in place of those it did not. Media of a camera
 * waits until the server asks for it.
 */
export class Replayer {
  readonly report: ReplayReport = { messages: 0, packets: 0, bytes: 0, answered: 0, lost: 0, unasked: [] };
  readonly #options: ReplayOptions;
  readonly #plan: ReplayPlan;
  readonly #links = new Map<number, ReplayLink>();
  /** Connections on which the vehicle has authenticated here. */
  readonly #entered = new Set<number>();
  readonly #asked = new Set<number>();
  readonly #waited = new Set<number>();
  #heard: (() => void)[] = [];
  /** What is waited for, and what came of it. */
  #awaited: { id: number; answer?: Message } | undefined;
  #code: Uint8Array | undefined;
  #mediaPort: number;
  /** Monotonic ms at which the trace's first unit is due; later when something was waited for. */
  #beganAt = 0;

  private constructor(options: ReplayOptions, plan: ReplayPlan) {
    this.#options = options;
    this.#plan = plan;
    this.#mediaPort = options.mediaPort;
  }

  /** @throws TraceDamaged, or the system's error for the file or when a port is not there */
  static async play(options: ReplayOptions): Promise<ReplayReport> {
    const replayer = new Replayer(options, await ReplayPlan.read(options.file));
    try {
      await replayer.#play();
    } finally {
      await Promise.all([...replayer.#links.values()].map(link => link.end()));
    }
    return replayer.report;
  }

  async #play(): Promise<void> {
    const { file, speed } = this.#options;
    let firstAt: number | undefined;
    const { present, first } = this.#plan;
    if (present !== undefined && first) await this.#enter(present, await this.#link(present), first);
    this.#beganAt = performance.now();
    for await (const units of traceUnits(file))
      for (const unit of units) {
        firstAt ??= unit.at;
        if (unit.direction === 'out') continue;
        const due = speed === 0 ? 0 : this.#beganAt + (unit.at - firstAt) / 1000 / speed - performance.now();
        if (due >= 1) await pause(due);
        await this.#unit(unit);
      }
  }

  async #unit(unit: TraceUnit): Promise<void> {
    const content = contentOf(unit);
    if (content.kind === 'closed') {
      await this.#links.get(unit.connection)?.end();
      this.#links.delete(unit.connection);
      this.#entered.delete(unit.connection);
      return;
    }
    if (content.kind === 'media') await this.#awaitChannels(unit.bytes);
    const link = await this.#link(unit.connection);
    if (content.kind !== 'signal') {
      if (await this.#send(link, unit.bytes)) this.report.packets++;
      return;
    }
    const { message } = content;
    const { id } = message.header;
    if (id === registerId) await this.#register(link, unit.bytes);
    else if (id === authenticateId) await this.#enter(unit.connection, link, message);
    else {
      // Its entry is not in the trace.
      if (!this.#entered.has(unit.connection)) await this.#enter(unit.connection, link, message);
      if (this.#plan.isAnswer(message)) return;
      await this.#send(link, unit.bytes);
    }
    this.report.messages++;
  }

  /** 0x0100, and the code of 0x8100. */
  async #register(link: ReplayLink, frame: Uint8Array): Promise<void> {
    const answer = await this.#ask(link, frame, 0x8100);
    if (!answer) return;
    const { result, authCode } = messages[0x8100].read(answer.body, answer.header.version);
    if (result === 0) this.#code = encodeText(authCode);
  }

  /** 0x0102 with the code of this server; a 0x0100 before it where the trace has none. */
  async #enter(connection: number, link: ReplayLink, message: Message): Promise<void> {
    const { header } = message;
    if (!this.#code) await this.#register(link, this.#registration(header));
    this.#entered.add(connection);
    const frame = encodeFrame({ ...header, id: authenticateId, encryption: 0 }, this.#authentication(message));
    await this.#ask(link, frame, 0x8001);
  }

  #registration(header: Header): Uint8Array {
    const { head } = this.#plan;
    const is2019 = header.version === '2019';
    const body = messages[0x0100].write(
      {
        layout: is2019 ? '2019' : '2013',
        ...{ province: 0, city: 0, maker: 'TRACE', model: 'TRACE', deviceId: 'TRACE', plateColor: head?.plate ? 2 : 0 },
        plate: head?.plate ?? '',
      },
      header.version,
    );
    return encodeFrame({ ...header, id: registerId, encryption: 0 }, body);
  }

  #authentication({ header, body }: Message): Uint8Array {
    const code = this.#code ?? new Uint8Array(0);
    if (header.version === '2013') return code;
    const isOne = header.id === authenticateId && body.length > (body[0] as number);
    const rest = isOne ? body.subarray(1 + (body[0] as number)) : new Uint8Array(35);
    return Uint8Array.of(code.length, ...code, ...rest);
  }

  #received(link: ReplayLink | undefined, message: Message): void {
    const { id } = message.header;
    if (id === 0x8100 || id === 0x8001) this.#noteAnswer(message);
    else if (id !== 0x8003 && link) {
      this.#noteOrder(message);
      for (const frame of this.#plan.answer(message)) void link.send(frame);
      this.report.answered++;
    }
    for (const wake of this.#heard.splice(0)) wake();
  }

  /** 0x9101 and 0x9201 name the ports and the channel in the same places. */
  #noteOrder({ header, body }: Message): void {
    if (header.id !== 0x9101 && header.id !== 0x9201) return;
    const cursor = new Cursor(body);
    if (cursor.left < 1 || cursor.left < 6 + (body[0] as number)) return;
    cursor.skip(cursor.u8());
    const ports = [cursor.u16(), cursor.u16()];
    this.#mediaPort = ports.find(port => port > 0) ?? this.#mediaPort;
    this.#asked.add(cursor.u8());
  }

  /** Of the 0x8001 only that of an authentication is waited for. */
  #noteAnswer(message: Message): void {
    const { header, body } = message;
    if (!this.#awaited || this.#awaited.id !== header.id) return;
    if (header.id === 0x8001 && (((body[2] ?? 0) << 8) | (body[3] ?? 0)) !== authenticateId) return;
    this.#awaited.answer = message;
  }

  /** Sends, and gives the 0x8100 or 0x8001 that follows; undefined when none comes in time. */
  async #ask(link: ReplayLink, frame: Uint8Array, id: number): Promise<Message | undefined> {
    const begun = performance.now();
    const awaited: { id: number; answer?: Message } = { id };
    this.#awaited = awaited;
    await this.#send(link, frame);
    await this.#until(() => awaited.answer !== undefined);
    this.#awaited = undefined;
    this.#beganAt += performance.now() - begun;
    return awaited.answer;
  }

  async #awaitChannels(bytes: Uint8Array): Promise<void> {
    const channels = new Set<number>();
    const settings = defaultSettings();
    const packet = ({ channel }: { channel: number }) => channels.add(channel);
    readDatagram(bytes, { tally: new Tally(), settings, knows: () => false, packet });
    for (const channel of channels) {
      if (this.#asked.has(channel) || this.#waited.has(channel)) continue;
      const begun = performance.now();
      await this.#until(() => this.#asked.has(channel));
      this.#beganAt += performance.now() - begun;
      this.#waited.add(channel);
      if (!this.#asked.has(channel)) this.report.unasked.push(channel);
    }
  }

  async #until(isThere: () => boolean): Promise<void> {
    const end = performance.now() + this.#options.patienceMs;
    while (!isThere()) {
      const left = end - performance.now();
      if (left <= 0) return;
      const waiting = new AbortController();
      const heard = new Promise<void>(done => this.#heard.push(done));
      const late = pause(left, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([heard, late]);
      waiting.abort();
    }
  }

  async #link(connection: number): Promise<ReplayLink> {
    const known = this.#links.get(connection);
    if (known) return known;
    const planned = this.#plan.connections.get(connection);
    const transport = planned?.transport ?? 'tcp';
    const port = transport === 'tcp' && planned?.isSignalling ? this.#options.signalPort : this.#mediaPort;
    const link: ReplayLink = await openLink(transport, {
      host: this.#options.host,
      port,
      message: message => this.#received(this.#links.get(connection), message),
    });
    this.#links.set(connection, link);
    return link;
  }

  async #send(link: ReplayLink, bytes: Uint8Array): Promise<boolean> {
    const isSent = await link.send(bytes);
    if (isSent) this.report.bytes += bytes.length;
    else this.report.lost++;
    return isSent;
  }
}
