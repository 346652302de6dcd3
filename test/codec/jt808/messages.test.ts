import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LiveRequest } from '../../../electron/codec/jt808/body/live-media.ts';
import type { Location } from '../../../electron/codec/jt808/body/location.ts';
import type { HeaderVersion, Message } from '../../../electron/codec/jt808/frame.ts';
import {
  type MessageValues,
  messageEntry,
  messages,
  readMessage,
  writeBody,
} from '../../../electron/codec/jt808/messages.ts';
import { bytes, hex } from '../hex.ts';

function message(id: number, body: Uint8Array, version: HeaderVersion = '2013', more: object = {}): Message {
  const phone = new Uint8Array(version === '2019' ? 10 : 6);
  return { header: { id, version, protocolVersion: 0, encryption: 0, phone, serial: 1, ...more }, body };
}

const ids = Object.keys(messages).map(Number);

describe('the table of messages', () => {
  it('has every entry under its own id', () => {
    for (const [id, entry] of Object.entries(messages)) expect(entry.id).toBe(Number(id));
    for (const id of ids) expect(messageEntry(id)?.id).toBe(id);
    expect(messageEntry(0x0900)).toBeUndefined();
  });

  it('has ids from 0x8000 going down and the others going up', () => {
    for (const entry of Object.values(messages)) expect(entry.direction).toBe(entry.id >= 0x8000 ? 'down' : 'up');
  });

  it('checks the type of what is written', () => {
    expectTypeOf<MessageValues[0x9101]>().toEqualTypeOf<LiveRequest>();
    expectTypeOf<MessageValues[0x0200]>().toEqualTypeOf<Location>();
    expectTypeOf<MessageValues[0x0002]>().toEqualTypeOf<null>();
    expect(hex(writeBody(0x9105, { channel: 1, lossPercent: 5 }, '2013'))).toBe('0105');
  });
});

describe('a message', () => {
  it('is read with its name and what was left over', () => {
    expect(readMessage(message(0x9105, bytes('01 05')))).toEqual({
      id: 0x9105,
      name: 'Real-time audio and video transmission status notification',
      value: { channel: 1, lossPercent: 5 },
      surplus: 0,
    });
    expect(readMessage(message(0x9105, bytes('01 05 FF FF')))).toMatchObject({ surplus: 2 });
  });

  it('narrows by its id', () => {
    const reading = readMessage(message(0x0001, bytes('0001 9101 00')));
    if (typeof reading === 'string' || reading.id !== 0x0001) throw new Error('not 0x0001');
    expectTypeOf(reading.value.replySerial).toEqualTypeOf<number>();
    expect(reading.value.replyId).toBe(0x9101);
  });

  it('is refused with a reason', () => {
    expect(readMessage(message(0x0900, bytes('00')))).toBe('unknownId');
    expect(readMessage(message(0x0001, bytes('0001 9101')))).toBe('shortBody');
    expect(readMessage(message(0x0001, bytes('0001 9101 00'), '2013', { encryption: 1 }))).toBe('encrypted');
    expect(readMessage(message(0x0001, bytes('0001 9101 00'), '2013', { part: { total: 2, index: 1 } }))).toBe('part');
    expect(readMessage(message(0x0001, bytes('0001 9101 00'), '2013', { part: { total: 1, index: 1 } }))).toMatchObject(
      {
        id: 1,
      },
    );
  });

  it('of any bytes is read or refused, and written again unless a field of it has no such value', () => {
    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 160 }),
      // Bodies with small counts and lengths get further into lists than random ones.
      fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 160 }).map(values => Uint8Array.from(values)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        fc.constantFrom('2013' as const, '2019' as const),
        anyBody,
        (id, version, body) => {
          const reading = readMessage(message(id, body, version));
          if (typeof reading === 'string') {
            expect(reading).toBe('shortBody');
            return;
          }
          expect(reading.surplus).toBeLessThanOrEqual(body.length);
          try {
            const written = messageEntry(id)?.write(reading.value, version) as Uint8Array;
            const again = readMessage(message(id, written, version));
            expect(again).toMatchObject({ id, surplus: 0 });
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
