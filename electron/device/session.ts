import type { Clock } from '../clock.ts';
import { replyResult } from '../codec/jt808/body/general-reply.ts';
import { encodeFrames, type Header, type HeaderVersion, type Message } from '../codec/jt808/frame.ts';
import type { BodyDialect, MessageEntry } from '../codec/jt808/message-entry.ts';
import { type MessageId, type MessageValues, messageEntry, writeBody } from '../codec/jt808/messages.ts';
import { SentParts } from '../codec/jt808/sent-parts.ts';
import { type PartFate, SubPackages } from '../codec/jt808/sub-packages.ts';
import type { Settings } from '../config.ts';
import type { Result } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { noBytes, type VehicleBytes } from './data-use.ts';
import type { EvidenceBook } from './evidence-book.ts';
import type { Link } from './link.ts';
import { PendingCommands } from './pending-commands.ts';
import { messageName } from './unknown-messages.ts';

/** Registration and authentication in parts: the longest is a few hundred bytes, and anybody may send them. */
const entryLimits = { maxOpenMessages: 2, maxPartsPerMessage: 16, maxMessageBytes: 4096 };

/** Sent without anybody waiting: more than this unanswered and the next are sent untracked. */
const maxPendingNotices = 64;

export interface SessionParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
  /** Absent where nobody asks why a camera stays black. */
  readonly evidence?: EvidenceBook;
}

export interface CommandOptions {
  /** Setting `commandTimeoutMs` unless given. */
  readonly timeoutMs?: number;
  /** Id of the message that answers, when it is not 0x0001: the result is then its value. */
  readonly replyId?: number;
  /** A yes by 0x0001 answers too, for requests that many terminals answer so: the value is then null. */
  readonly orAcknowledged?: true;
  /** Called when it was sent, with the serial that later messages of either side name it by. */
  sent?(serial: number): void;
}

/** One terminal on one connection: its own serials, what it was asked, what it sends in parts. */
export class Session {
  readonly terminal: string;
  readonly link: Link;
  readonly commands: PendingCommands;
  /** Message ids that the terminal said it does not support, on this connection. */
  readonly unsupported = new Set<number>();
  isAuthenticated = false;
  /** It sent what only a signalling connection carries: anything but 0x0102 and 0x0002. */
  isSignalling = false;
  /** Its bytes; the vehicle's from its authentication on. */
  use: VehicleBytes = noBytes();
  /** An operator was told that somebody else registers as this terminal. */
  isWarnedOf = false;
  /** Monotonic ms of its first message. */
  readonly openedAt: number;
  /** Monotonic ms of the last message. */
  heardAt: number;
  readonly #shared: SessionParts;
  readonly #parts: SubPackages;
  readonly #entryParts: SubPackages;
  readonly #notices: PendingCommands;
  readonly #sentParts: SentParts;
  readonly #dialect: BodyDialect;
  #version: HeaderVersion;
  #protocolVersion: number;
  #phone: Uint8Array;
  #serial = 0;

  constructor(terminal: string, link: Link, header: Header, shared: SessionParts) {
    this.terminal = terminal;
    this.link = link;
    this.#shared = shared;
    this.commands = new PendingCommands(shared.clock, shared.tally, 'device.commandTimeout');
    this.#notices = new PendingCommands(shared.clock, shared.tally, 'device.noticeTimeout');
    this.#parts = new SubPackages(shared);
    const { partsTimeoutMs, partsRetries } = shared.settings;
    this.#entryParts = new SubPackages({ ...shared, settings: { ...entryLimits, partsTimeoutMs, partsRetries } });
    this.#sentParts = new SentParts(shared);
    this.#dialect = bodyDialect(shared.settings);
    this.openedAt = shared.clock.monotonic();
    this.heardAt = this.openedAt;
    this.#version = header.version;
    this.#protocolVersion = header.protocolVersion;
    this.#phone = header.phone.slice();
  }

  /** A message came: what is sent from now on has its kind of header. */
  heard(header: Header): void {
    this.heardAt = this.#shared.clock.monotonic();
    if (header.version === this.#version && header.protocolVersion === this.#protocolVersion) return;
    this.#version = header.version;
    this.#protocolVersion = header.protocolVersion;
    this.#phone = header.phone.slice();
  }

  /** ms since it was heard, or since its connection brought anything where that is known. */
  quiet(): number {
    return this.link.quiet?.() ?? this.#shared.clock.monotonic() - this.heardAt;
  }

  /** 0x8001. */
  acknowledge(message: Message, result: number = replyResult.ok): void {
    const { id, serial } = message.header;
    this.send(0x8001, { replySerial: serial, replyId: id, result });
  }

  /**
   * The message when it is whole, or when this part makes it so. A part that does not is acknowledged by itself: 0, or
   * 1 when it is not taken; the one that does is left to the reader of the whole.
   */
  joined(message: Message): Message | undefined {
    const { id, part } = message.header;
    if (!part || part.total <= 1) return message;
    const isEntry = id === 0x0100 || id === 0x0102;
    const taken = (isEntry ? this.#entryParts : this.#parts).take(message);
    if (typeof taken !== 'string') {
      // Whoever missed the answer sends the same parts again, and is to have another.
      if (isEntry) this.#entryParts.clear();
      return taken;
    }
    if (taken === 'kept') this.commands.begun(id);
    if (isAnswered(id)) this.acknowledge(message, partResult(id, taken));
    return undefined;
  }

  /** Parts of a message that was not kept are taken anew when they are sent again. */
  reopen({ id, serial }: Header): void {
    this.#parts.reopen(id, serial);
  }

  /** Sends and expects nothing. False when the connection is gone. */
  send<Id extends MessageId>(id: Id, value: MessageValues[Id]): boolean {
    return this.#sendBody(id, writeBody(id, value, this.#version, this.#dialect)) !== undefined;
  }

  /** Sends and waits. Refuses with badRequest, tooManyCommands, terminalGone or what the terminal answers. */
  async command(id: number, value: unknown, options: CommandOptions = {}): Promise<Result<unknown>> {
    const { settings, tally } = this.#shared;
    if (this.commands.size >= settings.maxPendingCommands) {
      tally.add('device.tooManyCommands');
      return fail('tooManyCommands', `${this.commands.size} wait`);
    }
    return this.#ask(this.commands, id, value, options);
  }

  /** Sends what the terminal may refuse without anybody minding; refusals and silence are counted. */
  notify<Id extends MessageId>(id: Id, value: MessageValues[Id]): void {
    if (this.#notices.size >= maxPendingNotices) {
      this.send(id, value);
      return;
    }
    void this.#ask(this.#notices, id, value, {}).then(result => {
      if (!result.ok && result.code !== 'commandTimeout') this.#shared.tally.add('device.noticeRefused');
    });
  }

  /** A 0x0001 of this session. False when it answers nothing that was asked. */
  acknowledged(reply: MessageValues[1]): boolean {
    return this.commands.acknowledge(reply) || this.#notices.acknowledge(reply);
  }

  /** Frames of ours that the terminal misses. */
  sendAgain(request: MessageValues[5]): void {
    for (const frame of this.#sentParts.again(request)) this.link.send(frame);
  }

  /** Asks again for parts that stay away. */
  requestParts(): void {
    for (const parts of [this.#parts, this.#entryParts])
      for (const request of parts.dueRequests()) this.send(0x8003, request);
  }

  /** Fails everything that waits. */
  end(code: 'terminalGone' | 'shuttingDown'): void {
    this.commands.failAll(code);
    this.#notices.failAll(code);
    this.#parts.clear();
    this.#entryParts.clear();
    this.#sentParts.clear();
  }

  async #ask(pending: PendingCommands, id: number, value: unknown, options: CommandOptions): Promise<Result<unknown>> {
    const entry: MessageEntry | undefined = messageEntry(id);
    if (entry?.direction !== 'down') return fail('badRequest', `${messageName(id)} is no command`);
    let body: Uint8Array;
    try {
      body = entry.write(value, this.#version, this.#dialect);
    } catch (error) {
      return fail('badRequest', `${messageName(id)}: ${(error as Error).message}`);
    }
    const sent = this.#sendBody(id, body);
    if (!sent) return fail('terminalGone', messageName(id));
    options.sent?.(sent.serial);
    const result = await pending.add({
      id,
      ...sent,
      timeoutMs: options.timeoutMs ?? this.#shared.settings.commandTimeoutMs,
      ...(options.replyId === undefined ? {} : { replyId: options.replyId }),
      ...(options.orAcknowledged && { orAcknowledged: true }),
    });
    if (!result.ok && result.code === 'commandUnsupported') this.unsupported.add(id);
    return result;
  }

  #sendBody(id: number, body: Uint8Array): { serial: number; parts: number } | undefined {
    const serial = this.#serial;
    const head = { id, version: this.#version, phone: this.#phone, serial };
    const frames = encodeFrames(
      this.#version === '2019' ? { ...head, protocolVersion: this.#protocolVersion } : head,
      body,
    );
    this.#serial = (serial + frames.length) & 0xffff;
    this.#sentParts.keep(serial, frames);
    this.#shared.evidence?.sent(this, id, serial, body, frames[0]);
    for (const frame of frames) {
      if (!this.link.send(frame)) return undefined;
      this.use.signalOut += frame.length;
    }
    return { serial, parts: frames.length };
  }
}

/** How bodies are read and written where makers differ; follows the setting as it changes. */
export function bodyDialect(settings: Pick<Settings, 'alarmMaskOrder'>): BodyDialect {
  return {
    get alarmOrder() {
      return settings.alarmMaskOrder;
    },
  };
}

/** An answer is not answered, nor is what only a platform says. */
export function isAnswered(id: number): boolean {
  return id !== 0x0001 && (id & 0x8000) === 0;
}

/** A part that comes again after the whole was refused for its id is not to hear that all is well. */
function partResult(id: number, fate: PartFate): number {
  if (fate === 'refused') return replyResult.failed;
  return fate === 'again' && !messageEntry(id) ? replyResult.unsupported : replyResult.ok;
}
