import { decodeFrame, frameFlag, type Message } from '../jt808/frame.ts';
import { messageEntry } from '../jt808/messages.ts';
import { magicBytes, versionByte } from '../jt1078/header.ts';

export interface TraceEnd {
  readonly address: string;
  readonly port: number;
}

/** Where bytes went along: one TCP connection, or one UDP source and our port. */
export interface TracePath {
  readonly transport: 'tcp' | 'udp';
  /** The vehicle's end. */
  readonly remote: TraceEnd;
  /** Our end. */
  readonly local: TraceEnd;
}

/** What one message was, as it crossed the wire: an 808 frame with flags and escapes, a 1078 packet or a datagram of them. */
export interface TraceUnit extends TracePath {
  /** Microseconds since 1970 UTC. */
  readonly at: number;
  /** in: vehicle → us. */
  readonly direction: 'in' | 'out';
  /** Counts the connections and sources of one trace from 1. */
  readonly connection: number;
  /** Empty: the connection closed. */
  readonly bytes: Uint8Array;
}

/** What a trace says of itself. A blanked one names nobody. */
export interface TraceHead {
  /** Identity of the terminal, or what stands for it. */
  readonly vehicle: string;
  readonly plate: string;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly isBlanked: boolean;
}

export type TraceContent =
  | { readonly kind: 'signal'; readonly message: Message }
  | { readonly kind: 'media' }
  | { readonly kind: 'junk' }
  | { readonly kind: 'closed' };

/** What a unit holds. Junk is what opens like nothing known, and a frame that cannot be read. */
export function contentOf({ bytes }: Pick<TraceUnit, 'bytes'>): TraceContent {
  if (bytes.length === 0) return { kind: 'closed' };
  if (bytes[0] === frameFlag) {
    const message = bytes.length > 2 ? decodeFrame(bytes.subarray(1, bytes.length - 1)) : 'tooShort';
    return typeof message === 'string' ? { kind: 'junk' } : { kind: 'signal', message };
  }
  const hasMagic = magicBytes.every((byte, at) => bytes[at] === byte);
  return { kind: hasMagic || bytes[0] === versionByte ? 'media' : 'junk' };
}

/** `0x0200 Location information report`, with the part of a message in parts; `1078`, `junk`, `closed`. */
export function contentName(content: TraceContent): string {
  if (content.kind === 'media') return '1078';
  if (content.kind !== 'signal') return content.kind;
  const { id, part } = content.message.header;
  const name = messageEntry(id)?.name ?? 'unknown message';
  return `${messageNumber(id)} ${name}${part ? ` (part ${part.index} of ${part.total})` : ''}`;
}

function messageNumber(id: number): string {
  return `0x${id.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A file is no trace of ours, or is not one from this place on. */
export class TraceDamaged extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'TraceDamaged';
  }
}

/** Takes a file in pieces of any size. */
export interface TraceReader {
  /** Undefined until enough was read. */
  readonly head: TraceHead | undefined;
  /** The units that are whole now; each owns its bytes. @throws TraceDamaged */
  push(chunk: Uint8Array): TraceUnit[];
}

export interface TraceWriter {
  /** What a file begins with. */
  head(head: TraceHead): Uint8Array;
  /** @param content of the unit, when known: it is named in the file */
  unit(unit: TraceUnit, content?: TraceContent): Uint8Array;
}
