import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Message } from '../codec/jt808/frame.ts';
import { readMessage } from '../codec/jt808/messages.ts';

/** 64 bits in 16 characters: some terminals keep codes in a field of 16 or 20 bytes. */
export function newAuthCode(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Whether a 0x0102 carries `code`, in a time that does not depend on how much of it is right. The layout of the
 * header's version is tried, then the other edition's bare body: terminals send 2019 headers with a 2013 body.
 */
export function carriesCode(message: Message, code: string): boolean {
  const reading = readMessage(message);
  const stated = typeof reading === 'object' && reading.id === 0x0102 ? reading.value.code : '';
  const bare = Buffer.from(message.body.buffer, message.body.byteOffset, message.body.byteLength).toString('latin1');
  // Both are compared whatever the first says.
  const matches = [stated, bare].filter(given => sameText(withoutPadding(given), code));
  return code !== '' && matches.length > 0;
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function sameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
