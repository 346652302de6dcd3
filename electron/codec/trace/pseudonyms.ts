import { digitsToBytes } from '../bcd.ts';
import { hexDigits, terminalId } from '../terminal-id.ts';

/** A value that must not be left anywhere, and the bytes of the same length that take its place. */
interface Replacement {
  readonly value: Buffer;
  readonly by: Uint8Array;
}

/** Values together; a trace of one vehicle has about ten. */
const mostReplacements = 512;
/** Shorter ones would be found where they are not. */
const shortestText = 6;
const shortestDigits = 5;

/**
 * Stands in for who somebody is: the same value always becomes the same other value of the same length, and every value
 * that was replaced is remembered, to be found again in places where nobody expected it.
 */
export class Pseudonyms {
  readonly #terminals = new Map<string, string>();
  readonly #texts = new Map<string, Uint8Array>();
  readonly #anywhere: Replacement[] = [];
  /** Of `#anywhere` those that no coded picture holds by its nature: two zeros in a row begin most of its parts. */
  readonly #inMedia: Replacement[] = [];

  /** A phone or SIM field of any width. */
  phone(raw: Uint8Array): Uint8Array {
    return digitsToBytes(this.terminal(terminalId(raw)), raw.length);
  }

  /** @param id as `terminalId` writes it */
  terminal(id: string): string {
    const known = this.#terminals.get(id);
    if (known !== undefined) return known;
    // Eleven digits fit every field; ids beside a phone's are as well replaced by one.
    let number = this.#terminals.size + 1;
    let other = '';
    do other = `190${String(number++).padStart(8, '0')}`;
    while (other === id || [...this.#terminals.values()].includes(other));
    this.#terminals.set(id, other);
    this.#remember(Buffer.from(id, 'latin1'), Buffer.from(sized(other, id.length), 'latin1'), shortestText);
    if (/^[0-9A-F]+$/.test(id))
      for (const drop of [0, 1]) {
        // Digits packed two to a byte, with either one first.
        const digits = id.slice(drop, drop + (id.length - drop - ((id.length - drop) % 2)));
        const stead = sized(other, id.length).slice(drop, drop + digits.length);
        this.#remember(Buffer.from(digits, 'hex'), Buffer.from(stead, 'hex'), shortestDigits);
      }
    return other;
  }

  /** Text in a field: zeros and blanks around it stay. */
  text(raw: Uint8Array): Uint8Array {
    let start = 0;
    let end = raw.length;
    while (end > start && (raw[end - 1] === 0 || raw[end - 1] === 0x20)) end--;
    while (start < end && raw[start] === 0) start++;
    const other = new Uint8Array(raw);
    if (end > start) other.set(this.#stead(raw.subarray(start, end)), start);
    return other;
  }

  /** Puts the stead of every value that was replaced so far into `bytes`, wherever it is. */
  sweep(bytes: Uint8Array, isMedia = false): void {
    const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const { value, by } of isMedia ? this.#inMedia : this.#anywhere)
      for (let at = searched.indexOf(value); at >= 0; at = searched.indexOf(value, at + value.length))
        bytes.set(by, at);
  }

  #stead(value: Uint8Array): Uint8Array {
    const key = hexDigits(value);
    const known = this.#texts.get(key);
    if (known) return known;
    let number = this.#texts.size + 1;
    let stead: Buffer;
    do stead = Buffer.from(`X${String(number++).padStart(value.length - 1, '0')}`.slice(0, value.length), 'latin1');
    while (stead.equals(value) && number < 10);
    this.#texts.set(key, stead);
    this.#remember(Buffer.from(value), stead, shortestText);
    return stead;
  }

  #remember(value: Buffer, by: Uint8Array, shortest: number): void {
    if (value.length < shortest || this.#anywhere.length >= mostReplacements) return;
    const replacement = { value, by };
    this.#anywhere.push(replacement);
    if (!value.includes('\0\0')) this.#inMedia.push(replacement);
  }
}

/** `digits` in `length` places: its end, or zeros before it. */
function sized(digits: string, length: number): string {
  return digits.slice(-length).padStart(length, '0');
}
