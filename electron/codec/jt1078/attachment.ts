import { magicLength } from './header.ts';

const nameLength = 50;
const shortestName = 5;

/**
 * The Su-biao attachment stream (T/JSATL 12, §4.5) begins its blocks with the same magic: `30 31 63 64`, name[50],
 * offset DWORD, length DWORD, data. It is not media; alarm attachments belong on a port of their own.
 * @param at offset of the magic
 * @returns undefined when fewer bytes than the name are there and those that are could be one
 */
export function isAttachment(bytes: Uint8Array, at: number, end: number): boolean | undefined {
  const nameAt = at + magicLength;
  const nameEnd = nameAt + nameLength;
  let textEnd = nameAt;
  while (textEnd < nameEnd && textEnd < end && isNameByte(bytes[textEnd] as number)) textEnd++;
  if (textEnd < end && textEnd < nameEnd && textEnd - nameAt < shortestName) return false;
  for (let i = textEnd; i < nameEnd; i++) {
    if (i >= end) return undefined;
    if (bytes[i] !== 0) return false;
  }
  return true;
}

/** Names are digits, letters and `_-.`, padded with zeros. */
function isNameByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
