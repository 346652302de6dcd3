import { expect } from 'vitest';
import type { HeaderVersion } from '../../../electron/codec/jt808/frame.ts';
import type { MessageEntry } from '../../../electron/codec/jt808/message-entry.ts';
import { bytes, hex } from '../hex.ts';

/** The bytes are read as the value, and the value is written as the bytes. */
export function expectBody<Value>(
  entry: MessageEntry<number, Value>,
  version: HeaderVersion,
  body: string,
  value: Value,
): void {
  expect(entry.read(bytes(body), version)).toEqual(value);
  expect(hex(entry.write(value, version))).toBe(hex(bytes(body)));
}

export const bothVersions = ['2013', '2019'] as const;
