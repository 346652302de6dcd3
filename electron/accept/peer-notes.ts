import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { ErrorCode } from '../contract.ts';
import { endpoint } from './address.ts';
import type { PeerKind } from './peer.ts';

/** First bytes kept of a connection. */
const proofBytes = 64;
/** Flag, header of 2013, four of the code; of 2019, whose header is longer, none. */
const authenticationBytes = 17;
/** Terminals named on one connection that are kept. */
const maxNamed = 8;

/** A connection or UDP source, as far as its notes need it. */
export interface NotedPeer {
  readonly transport: 'tcp' | 'udp';
  readonly remote: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
}

/** What is remembered of one connection, whether or not a terminal ever spoke on it. Times are ms since 1970, 0 never. */
export interface PeerNote {
  readonly id: number;
  readonly transport: 'tcp' | 'udp';
  readonly remote: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly openedAt: number;
  firstAt: number;
  /** At most 64 bytes, a copy. */
  first: Uint8Array;
  /** Received; of a UDP source only the first datagram's. */
  bytes: number;
  kind: PeerKind | undefined;
  /** Terminals that 808 headers on it named. */
  terminals: string[];
  closedAt: number;
  closed: ErrorCode | undefined;
  /** It was never let in: the limit it met. */
  refused: string | undefined;
  /** Times the same was seen of the address. */
  times: number;
}

/**
 * Notes on every peer of the vehicle ports, for whoever asks why a vehicle does not come. Those of open connections are as
 * many as these; of closed ones the last `doctorKept` stay. Costs one comparison a chunk.
 */
export class PeerNotes {
  readonly #clock: Clock;
  readonly #settings: Pick<Settings, 'doctorKept'>;
  readonly #open = new Map<object, PeerNote>();
  readonly #keys = new Map<PeerNote, readonly object[]>();
  readonly #gone = new Set<PeerNote>();
  readonly #refusals = new Map<string, PeerNote>();
  #nextId = 1;

  constructor(clock: Clock, settings: Pick<Settings, 'doctorKept'>) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** @param as further objects that stand for the peer later on */
  opened(peer: NotedPeer, ...as: object[]): PeerNote {
    const note = this.#note(peer);
    const keys = [peer, ...as];
    for (const key of keys) this.#open.set(key, note);
    this.#keys.set(note, keys);
    return note;
  }

  /**
   * @param bytes a view; copied. Of a 0x0102, wherever among them it begins, no more than four bytes of the code: it is
   * nobody's business but the terminal's
   */
  firstBytes(note: PeerNote, bytes: Uint8Array): void {
    note.firstAt = this.#clock.now();
    note.first = bytes.slice(0, Math.min(proofBytes, authenticationAt(bytes) + authenticationBytes));
  }

  recognised(peer: object, kind: PeerKind, terminal?: string): void {
    const note = this.#open.get(peer);
    if (!note) return;
    if (note.kind !== 'signal') note.kind = kind;
    if (terminal !== undefined && note.terminals.length < maxNamed && !note.terminals.includes(terminal))
      note.terminals.push(terminal);
  }

  /** @param peer or any object that stands for it */
  closed(peer: object, code: ErrorCode): void {
    const note = this.#open.get(peer);
    if (!note) return;
    for (const key of this.#keys.get(note) ?? []) this.#open.delete(key);
    this.#keys.delete(note);
    note.closedAt = this.#clock.now();
    note.closed = code;
    this.#keep(note);
  }

  /** A connection that a limit kept out. One address that knocks again and again has one note. */
  refused(peer: { address: string; port: number; localPort: number }, why: string): void {
    const key = `${why} ${peer.localPort} ${peer.address}`;
    const known = this.#refusals.get(key);
    if (known) {
      known.times++;
      known.closedAt = this.#clock.now();
      return;
    }
    const note = this.#note({
      transport: 'tcp',
      remote: endpoint(peer.address, peer.port),
      remoteAddress: peer.address,
      localAddress: '',
      localPort: peer.localPort,
    });
    note.refused = why;
    note.closedAt = note.openedAt;
    this.#refusals.set(key, note);
    this.#keep(note);
  }

  of(peer: object): PeerNote | undefined {
    return this.#open.get(peer);
  }

  /** Open ones first, then closed ones, newest first. */
  all(): PeerNote[] {
    return [...this.#keys.keys(), ...[...this.#gone].reverse()];
  }

  #note({ transport, remote, remoteAddress, localAddress, localPort }: NotedPeer): PeerNote {
    return {
      ...{ id: this.#nextId++, transport, remote, remoteAddress, localAddress, localPort },
      openedAt: this.#clock.now(),
      firstAt: 0,
      first: new Uint8Array(0),
      bytes: 0,
      kind: undefined,
      terminals: [],
      closedAt: 0,
      closed: undefined,
      refused: undefined,
      times: 1,
    };
  }

  #keep(note: PeerNote): void {
    this.#gone.add(note);
    for (const oldest of this.#gone) {
      if (this.#gone.size <= this.#settings.doctorKept) break;
      this.#gone.delete(oldest);
      if (oldest.refused) this.#refusals.delete(`${oldest.refused} ${oldest.localPort} ${oldest.remoteAddress}`);
    }
  }
}

/** Where the first frame of 0x0102 begins; behind everything when there is none. Neither byte of the id is ever escaped. */
function authenticationAt(bytes: Uint8Array): number {
  const last = Math.min(bytes.length, proofBytes) - 2;
  for (let at = 0; at < last; at++)
    if (bytes[at] === 0x7e && bytes[at + 1] === 0x01 && bytes[at + 2] === 0x02) return at;
  return bytes.length;
}
