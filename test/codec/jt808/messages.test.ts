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

  it('of any bytes is read or refused; what was read is written and read alike', () => {
    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 160 }),
      // Bodies with small counts and lengths get further into lists than random ones.
      fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 160 }).map(values => Uint8Array.from(values)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ids), anyVersion, anyBody, (id, version, body) => {
        expectStable(id, version, body);
      }),
      { numRuns: 5000 },
    );
  });

  it('of every kind is read to its end before it is damaged below', () => {
    for (const id of ids) {
      const body = bytes(valid[id as keyof typeof messages]);
      const version = id === 0x0102 ? '2019' : '2013';
      expect(readMessage(message(id, body, version)), id.toString(16)).toMatchObject({ id, surplus: 0 });
    }
  });

  it('damaged anywhere is read or refused; what was read is written and read alike', () => {
    const blow = fc.record({
      kind: fc.constantFrom('flip', 'cut', 'insert', 'remove'),
      at: fc.nat(),
      value: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...ids), anyVersion, fc.array(blow, { maxLength: 4 }), (id, version, blows) => {
        let body = [...bytes(valid[id as keyof typeof messages])];
        for (const { kind, at, value } of blows) {
          const place = body.length ? at % body.length : 0;
          if (kind === 'flip' && body.length) body[place] = value;
          else if (kind === 'cut') body = body.slice(0, place);
          else if (kind === 'remove') body.splice(place, 1);
          else body.splice(place, 0, value);
        }
        expectStable(id, version, Uint8Array.from(body));
      }),
      { numRuns: 5000 },
    );
  });
});

const anyVersion = fc.constantFrom('2013' as const, '2019' as const);

const position = `00000001 00000003 01DCF2AE 073C1B40 0010 0258 010E 261123130405
  01 04 00000064 11 05 01 00000007 12 06 01 00000007 00 13 07 00000007 0010 01 14 04 00000041 18 03 0005 50 E0 02 0102`;
const parameters = `05 00000001 04 0000003C 00000013 03 312E32 00000076 0B 01 00 01 01020001 03040200
  00000077 16 01 03 0105003219000004000006 00FA1E000010000007 0000F364 01 07`;

/** A good body of every message, in the 2013 layout where there are two. */
const valid: Record<keyof typeof messages, string> = {
  0x0001: '0001 9101 00',
  0x0002: '',
  0x0003: '',
  0x0005: '1234 02 0002 0103',
  0x0100: `002C 012C 41434D4531 43414D2D37${'00'.repeat(15)} 58313200000000 02 D4C1423132333435`,
  0x0102: '04 4B455931 383630303030303030303030303031 56312E3200000000000000000000000000000000',
  0x0104: `0007 ${parameters}`,
  0x0107: `0041 41434D4531 43414D2D37${'00'.repeat(15)} 58313200000000 89860000000000000012 02 4831 04 46322E30 03 20`,
  0x0200: position,
  0x0201: `1234 ${position}`,
  0x0704: `0002 01 0049 ${position} 001C ${'00'.repeat(28)}`,
  0x0705: '0001 1304050250 18FEF100 0102030405060708',
  0x0800: '0000007B 00 00 02 04',
  0x0801: `0000007B 00 00 02 04 ${position.slice(0, 66)} FFD8FFE0 0010 4A464946`,
  0x0805: '1234 00 0002 00000007 00000008',
  0x1003: '06 01 00 01 0140 01 62 02 04',
  0x1005: '261123130000 261123130105 000C 0102',
  0x1205: `0007 00000002 ${`04 261123130000 261123140509 00000041 00000001 00 01 01 0CB771A7`.repeat(2)}`,
  0x1206: '1234 01',
  0x8001: '0001 0200 00',
  0x8003: '1234 0002 0002 0103',
  0x8100: '0007 00 4B455931',
  0x8103: parameters,
  0x8104: '',
  0x8105: '01 6674703A2F2F612F62 3B 3B 3231',
  0x8106: '02 00000001 00000076',
  0x8107: '',
  0x8201: '',
  0x8203: '1234 08000001',
  0x8300: '0C C7EBBFBFB1DF',
  0x8800: '0000007B 02 0002 0103',
  0x8801: '04 0003 000A 00 02 01 80 40 41 81',
  0x9003: '',
  0x9101: '08 31302E342E322E37 0000 19D3 04 01 01',
  0x9102: '04 01 02 01',
  0x9105: '04 63',
  0x9201: '08 31302E342E322E37 19D3 0000 04 02 01 02 01 04 261123130000 000000000000',
  0x9202: '04 05 00 261123131530',
  0x9205: '04 261123130000 261123140509 00000041 00000001 03 02 02',
  0x9206: '08 31302E342E322E37 084B 02 7535 03 6B6579 01 2F 04 261123130000 000000000000 0000000000000000 00 01 01 05',
  0x9207: '1234 02',
  0x9301: '04 03 FF',
  0x9302: '04 01',
  0x9303: '04 00',
  0x9304: '04 01',
  0x9305: '04 00',
  0x9306: '04 01',
};

function expectStable(id: number, version: HeaderVersion, body: Uint8Array): void {
  const reading = readMessage(message(id, body, version));
  if (typeof reading === 'string') {
    expect(reading).toBe('shortBody');
    return;
  }
  expect(reading.surplus).toBeLessThanOrEqual(body.length);
  let written: Uint8Array;
  try {
    written = messageEntry(id)?.write(reading.value, version) as Uint8Array;
  } catch (thrown) {
    // Codes without a meaning in 0x1003, and text that GBK writes longer than it was.
    expect(thrown).toBeInstanceOf(RangeError);
    return;
  }
  const again = readMessage(message(id, written, version));
  if (typeof again === 'string') throw new Error(`${again} after writing ${JSON.stringify(reading.value)}`);
  expect(again.surplus).toBe(0);
  if (!JSON.stringify(reading.value).includes('\uFFFD')) expect(again.value).toEqual(reading.value);
}
