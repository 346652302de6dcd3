const hourMs = 3_600_000;
/** Times on the wire are GMT+8 wherever the vehicle is (808-2013 table 23, 1078-2016 clause 5). */
const zoneMs = 8 * hourMs;

/** Two decimal digits of one byte, or -1 when a nibble is not a digit. */
export function bcdByte(byte: number): number {
  const high = byte >>> 4;
  const low = byte & 15;
  return high > 9 || low > 9 ? -1 : high * 10 + low;
}

/**
 * BCD[6] YYMMDDhhmmss, years 2000 to 2099 → ms since 1970 UTC. 0 when the field is empty (all zero, which several
 * messages use for "no limit") or is no date.
 */
export function timeFromBcd(raw: Uint8Array): number {
  if (raw.length !== 6) return 0;
  const [year, month, day, hour, minute, second] = Array.from(raw, bcdByte) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return 0;
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
  const atUtc = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  return new Date(atUtc).getUTCDate() === day ? atUtc - zoneMs : 0;
}

/** ms since 1970 UTC → BCD[6] in GMT+8, seconds rounded down; 0 → six zero bytes. @throws RangeError outside 2000 to 2099 */
export function timeToBcd(ms: number): Uint8Array {
  if (ms === 0) return new Uint8Array(6);
  const date = new Date(ms + zoneMs);
  const year = date.getUTCFullYear();
  if (!(year >= 2000 && year <= 2099)) throw new RangeError(`${ms} is not a time from 2000 to 2099`);
  return Uint8Array.of(
    toBcdByte(year - 2000),
    toBcdByte(date.getUTCMonth() + 1),
    toBcdByte(date.getUTCDate()),
    toBcdByte(date.getUTCHours()),
    toBcdByte(date.getUTCMinutes()),
    toBcdByte(date.getUTCSeconds()),
  );
}

/** Decimal (or hexadecimal) digits → `length` bytes, padded with zeros on the left. @throws RangeError when they do not fit */
export function digitsToBytes(digits: string, length: number): Uint8Array {
  if (digits.length > length * 2 || !/^[0-9A-Fa-f]*$/.test(digits))
    throw new RangeError(`"${digits}" does not fit ${length * 2} digits`);
  const padded = digits.padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(padded.slice(at * 2, at * 2 + 2), 16));
}

/** 0 to 99 → one byte of two decimal digits. */
export function toBcdByte(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}
