import { hexDigits } from '../terminal-id.ts';
import { headLines, readHead } from './trace-head.ts';
import {
  contentName,
  contentOf,
  type TraceContent,
  TraceDamaged,
  type TraceEnd,
  type TraceHead,
  type TraceReader,
  type TraceUnit,
  type TraceWriter,
} from './trace-unit.ts';

/** Longest line: a unit of 64 KiB in hexadecimal, and its fields. */
const longestLine = 1 << 18;
const fields = 7;

/**
 * A trace as text, UTF-8: lines of the head after `# `, then one line for each unit, fields apart by one tab each:
 * time (ISO 8601 with microseconds, UTC), in or out, transport, the vehicle's end, our end, number of the connection, name,
 * bytes in hexadecimal. A closed connection is named `closed` and has no bytes. Other lines that begin with # say nothing.
 */
export class TraceTextWriter implements TraceWriter {
  readonly #encoder = new TextEncoder();

  head(head: TraceHead): Uint8Array {
    return this.#encoder.encode(
      `${headLines(head)
        .map(line => `# ${line}\n`)
        .join('')}#\n`,
    );
  }

  unit(unit: TraceUnit, content: TraceContent = contentOf(unit)): Uint8Array {
    const { at, direction, transport, remote, local, connection, bytes } = unit;
    const columns = [timeText(at), direction, transport, endText(remote), endText(local), String(connection)];
    return this.#encoder.encode(`${columns.join('\t')}\t${contentName(content)}\t${hexDigits(bytes)}\n`);
  }
}

/** Reads what `TraceTextWriter` writes, also after an editor made its line ends CR LF. A last line without an end is left. */
export class TraceTextReader implements TraceReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #opening: string[] | undefined = [];
  #head: TraceHead | undefined;
  #line = 0;

  get head(): TraceHead | undefined {
    return this.#head;
  }

  push(chunk: Uint8Array): TraceUnit[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) throw new TraceDamaged(`line ${this.#line + 1} has no end`);
    const units: TraceUnit[] = [];
    for (const line of lines) {
      this.#line++;
      const unit = this.#read(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (unit) units.push(unit);
    }
    return units;
  }

  #read(line: string): TraceUnit | undefined {
    if (line.startsWith('#')) {
      this.#opening?.push(line.slice(2));
      if (this.#opening && line.trim() === '#') this.#endHead();
      return undefined;
    }
    if (this.#opening) this.#endHead();
    if (line.trim() === '') return undefined;
    const columns = line.split('\t');
    if (columns.length !== fields + 1) throw this.#damaged(`${columns.length} fields`);
    const [time, direction, transport, remote, local, connection, , hex] = columns as [
      ...[string, string, string, string, string, string, string, string],
    ];
    const at = readTime(time);
    const ends = [remote, local].map(readEnd);
    if (at === undefined || !ends[0] || !ends[1]) throw this.#damaged('the time or an address');
    if (direction !== 'in' && direction !== 'out') throw this.#damaged('the direction');
    if (transport !== 'tcp' && transport !== 'udp') throw this.#damaged('the transport');
    if (!/^\d{1,9}$/.test(connection)) throw this.#damaged('the connection');
    if (hex.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(hex)) throw this.#damaged('the bytes');
    return {
      ...{ at, direction, transport, remote: ends[0], local: ends[1], connection: Number(connection) },
      bytes: bytesOf(hex),
    };
  }

  #endHead(): void {
    this.#head = readHead(this.#opening ?? []);
    this.#opening = undefined;
  }

  #damaged(what: string): TraceDamaged {
    return new TraceDamaged(`line ${this.#line}: ${what}`);
  }
}

/** `2026-11-23T03:00:00.120000Z` */
function timeText(at: number): string {
  const iso = new Date(Math.floor(at / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(at % 1000).padStart(3, '0')}Z`;
}

function readTime(text: string): number | undefined {
  const [, ms, micro] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})Z$/.exec(text) ?? [];
  const at = Date.parse(`${ms}Z`);
  return Number.isFinite(at) ? at * 1000 + Number(micro) : undefined;
}

/** IPv6 in brackets. */
function endText({ address, port }: TraceEnd): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function readEnd(text: string): TraceEnd | undefined {
  const [, v6, v4, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([\d.]*)):(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) <= 65_535 ? { address: v6 ?? v4 ?? '', port: Number(port) } : undefined;
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
