import { terminalId } from '../terminal-id.ts';

/** What was learned about one SIM field. */
export interface Sim {
  /** The field as sent, a copy. */
  readonly raw: Uint8Array;
  readonly terminal: string;
  /** A whole packet with it was handed on. */
  proven: boolean;
  /** The last timestamp seen with it: packets of one frame share it, and making a bigint costs more than comparing. */
  timestampHigh: number;
  timestampLow: number;
  timestamp: bigint;
}

const rows = 64;

/**
 * Recently seen SIM fields, so that a packet costs neither a new string nor a new bigint. Direct-mapped: a field that
 * falls on another's row takes it over, so the table cannot grow.
 */
export class SimTable {
  readonly #rows: (Sim | undefined)[] = new Array(rows).fill(undefined);

  /** The caller has made sure that `width` bytes are there. */
  at(bytes: Uint8Array, offset: number, width: number): Sim {
    const last = offset + width - 1;
    const row = ((bytes[last] as number) * 31 + (bytes[last - 1] as number) * 7 + width) % rows;
    const known = this.#rows[row];
    if (known !== undefined && isSame(known.raw, bytes, offset, width)) return known;
    const raw = new Uint8Array(width);
    for (let i = 0; i < width; i++) raw[i] = bytes[offset + i] as number;
    const sim: Sim = {
      raw,
      terminal: terminalId(raw),
      proven: false,
      timestampHigh: 0,
      timestampLow: 0,
      timestamp: 0n,
    };
    this.#rows[row] = sim;
    return sim;
  }
}

function isSame(raw: Uint8Array, bytes: Uint8Array, offset: number, width: number): boolean {
  if (raw.length !== width) return false;
  for (let i = width - 1; i >= 0; i--) if (raw[i] !== bytes[offset + i]) return false;
  return true;
}
