import type { Clock } from '../../clock.ts';
import type { Settings } from '../../config.ts';
import type { Tally } from '../../tally.ts';
import type { PartsRequest } from './body/parts-request.ts';
import type { Header, Message } from './frame.ts';

type PartLimits = Pick<
  Settings,
  'maxPartsPerMessage' | 'maxMessageBytes' | 'maxOpenMessages' | 'partsTimeoutMs' | 'partsRetries'
>;

export interface SubPackagesOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly tally: Tally;
  readonly settings: PartLimits;
}

/** What became of a part that completes nothing: a new one, one that was there before, one that is not taken. */
export type PartFate = 'kept' | 'again' | 'refused';

/** Indexes in one request: a BYTE counts them in 0x8003 of 2013. The rest is asked for the next time. */
const maxIndexesPerRequest = 255;

interface OpenMessage {
  readonly header: Header;
  readonly firstSerial: number;
  readonly total: number;
  readonly parts: Map<number, Uint8Array>;
  bytes: number;
  /** Monotonic ms of the last part, or of the last request for the missing ones. */
  quietSince: number;
  requests: number;
}

/** What stays of a message that was completed, so that parts sent twice do not open it again. */
interface ClosedMessage {
  readonly id: number;
  readonly firstSerial: number;
  readonly total: number;
  readonly at: number;
}

/**
 * Joins the sub-packages of one terminal (808-2013 §4.4.3): parts of one message have consecutive serials, so id, total
 * and the serial that part 1 has or would have name the message. Parts may come in any order and more than once.
 *
 * Ceilings: `maxOpenMessages` under way (the quietest makes room), `maxPartsPerMessage`, `maxMessageBytes`. After
 * `partsTimeoutMs` without a part the missing ones are to be asked for, `partsRetries` times, then the message is given
 * up. Refusals are counted under `parts.`.
 */
export class SubPackages {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #tally: Tally;
  readonly #settings: PartLimits;
  #open: OpenMessage[] = [];
  #closed: ClosedMessage[] = [];

  constructor(options: SubPackagesOptions) {
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#settings = options.settings;
  }

  /** Messages under way. */
  get openCount(): number {
    return this.#open.length;
  }

  /**
   * Takes any message of the terminal.
   * @returns a message without `part`: the one given when it is not a sub-package; the whole, with the header of its
   * first part and a body of its own, when this part completed it; undefined while parts are missing or when refused
   */
  add(message: Message): Message | undefined {
    const taken = this.take(message);
    return typeof taken === 'string' ? undefined : taken;
  }

  /** As `add`, for those who tell the terminal what became of its part. */
  take(message: Message): Message | PartFate {
    const { header } = message;
    const { part } = header;
    if (!part) return message;
    const { total, index } = part;
    if (index < 1 || index > total) return this.#refuse('badIndex');
    if (total > this.#settings.maxPartsPerMessage) return this.#refuse('tooMany');
    const firstSerial = (header.serial - index + 1) & 0xffff;
    if (total === 1) return whole(header, firstSerial, message.body.slice());

    const now = this.#clock.monotonic();
    if (this.#wasClosed(header.id, firstSerial, total, now)) return this.#again();
    const open = this.#find(header, firstSerial, total) ?? this.#begin(header, firstSerial, total, now);
    if (open.parts.has(index)) return this.#again();
    if (open.bytes + message.body.length > this.#settings.maxMessageBytes) {
      this.#drop(open);
      return this.#refuse('tooLarge');
    }
    open.parts.set(index, message.body.slice());
    open.bytes += message.body.length;
    open.quietSince = now;
    if (open.parts.size < total) return 'kept';

    this.#drop(open);
    this.#closed.push({ id: header.id, firstSerial, total, at: now });
    if (this.#closed.length > this.#settings.maxOpenMessages) this.#closed.shift();
    return whole(open.header, firstSerial, joined(open));
  }

  /**
   * The requests that are due now; each counts as made. To be called about once a second. Messages whose requests are
   * used up are given up.
   */
  dueRequests(): PartsRequest[] {
    const now = this.#clock.monotonic();
    const due: PartsRequest[] = [];
    for (const open of this.#open.filter(each => now - each.quietSince >= this.#settings.partsTimeoutMs)) {
      if (open.requests >= this.#settings.partsRetries) {
        this.#drop(open);
        this.#refuse('abandoned');
        continue;
      }
      open.requests++;
      open.quietSince = now;
      due.push({ firstSerial: open.firstSerial, indexes: missing(open) });
    }
    return due;
  }

  /** The whole was of no use after all: its parts, sent again, are to be taken again. */
  reopen(id: number, firstSerial: number): void {
    this.#closed = this.#closed.filter(each => each.id !== id || each.firstSerial !== firstSerial);
  }

  /** Forgets everything, as when the terminal disconnects: its serials begin anew. */
  clear(): void {
    this.#open = [];
    this.#closed = [];
  }

  #find(header: Header, firstSerial: number, total: number): OpenMessage | undefined {
    return this.#open.find(
      open =>
        open.header.id === header.id &&
        open.firstSerial === firstSerial &&
        open.total === total &&
        open.header.version === header.version &&
        open.header.encryption === header.encryption,
    );
  }

  #begin(header: Header, firstSerial: number, total: number, now: number): OpenMessage {
    if (this.#open.length >= this.#settings.maxOpenMessages) {
      this.#drop(this.#open.reduce((quietest, each) => (each.quietSince < quietest.quietSince ? each : quietest)));
      this.#refuse('evicted');
    }
    const open: OpenMessage = {
      header: { ...header, phone: header.phone.slice() },
      firstSerial,
      total,
      parts: new Map(),
      bytes: 0,
      quietSince: now,
      requests: 0,
    };
    this.#open.push(open);
    return open;
  }

  #drop(open: OpenMessage): void {
    this.#open.splice(this.#open.indexOf(open), 1);
  }

  #wasClosed(id: number, firstSerial: number, total: number, now: number): boolean {
    const kept = this.#settings.partsTimeoutMs * (this.#settings.partsRetries + 1);
    this.#closed = this.#closed.filter(each => now - each.at < kept);
    return this.#closed.some(each => each.id === id && each.firstSerial === firstSerial && each.total === total);
  }

  #again(): PartFate {
    this.#tally.add('parts.duplicate');
    return 'again';
  }

  #refuse(reason: string): PartFate {
    this.#tally.add(`parts.${reason}`);
    return 'refused';
  }
}

function missing(open: OpenMessage): number[] {
  const indexes: number[] = [];
  for (let index = 1; index <= open.total && indexes.length < maxIndexesPerRequest; index++)
    if (!open.parts.has(index)) indexes.push(index);
  return indexes;
}

function joined(open: OpenMessage): Uint8Array {
  const body = new Uint8Array(open.bytes);
  let at = 0;
  for (let index = 1; index <= open.total; index++) {
    const part = open.parts.get(index) as Uint8Array;
    body.set(part, at);
    at += part.length;
  }
  return body;
}

function whole(header: Header, firstSerial: number, body: Uint8Array): Message {
  const { part: _, ...rest } = header;
  return { header: { ...rest, serial: firstSerial }, body };
}
