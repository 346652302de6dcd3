import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, encodeFrames, type Message } from '../../../electron/codec/jt808/frame.ts';
import { bytes, hex } from '../hex.ts';

const phone13 = bytes('013912345678');
const phone19 = bytes('00000000013912345678');

function decoded(frame: Uint8Array): Message {
  return decodedBetween(frame.subarray(1, -1));
}

function decodedBetween(between: Uint8Array): Message {
  const message = decodeFrame(between);
  if (typeof message === 'string') throw new Error(message);
  return message;
}

describe('a 2011/2013 frame', () => {
  it('is read by its layout', () => {
    const message = decodeFrame(bytes('0001 0005 013912345678 00FF 0010 8104 00 5E'));
    expect(message).toEqual({
      header: {
        id: 0x0001,
        version: '2013',
        protocolVersion: 0,
        encryption: 0,
        phone: phone13,
        serial: 255,
      },
      body: bytes('0010 8104 00'),
    });
  });

  it('is written by its layout', () => {
    const [frame, ...more] = encodeFrames(
      { id: 0x8001, version: '2013', phone: phone13, serial: 7 },
      bytes('0001 0002 00'),
    );
    expect(hex(frame)).toBe('7e8001000501391234567800070001000200b07e');
    expect(more).toEqual([]);
  });

  it('carries total and index when it is a part', () => {
    const body = bytes('0801 2003 013912345678 0002 0003 0002 AABBCC');
    const message = decodeFrame(withCheck(body));
    expect(message).toMatchObject({ header: { id: 0x0801, serial: 2, part: { total: 3, index: 2 } } });
    expect(hex((message as Message).body)).toBe('aabbcc');
  });

  it('tells its encryption bits', () => {
    expect(decodeFrame(withCheck(bytes('0002 0400 013912345678 0001')))).toMatchObject({ header: { encryption: 1 } });
    expect(decodeFrame(withCheck(bytes('0002 1C00 013912345678 0001')))).toMatchObject({ header: { encryption: 7 } });
  });
});

describe('a 2019 frame', () => {
  it('is read by its layout', () => {
    expect(decodeFrame(withCheck(bytes('0002 4000 01 00000000013912345678 0102')))).toEqual({
      header: { id: 0x0002, version: '2019', protocolVersion: 1, encryption: 0, phone: phone19, serial: 0x0102 },
      body: new Uint8Array(0),
    });
  });

  it('is written by its layout', () => {
    const frame = encodeFrame({ id: 0x9003, version: '2019', phone: phone19, serial: 0x1234 }, new Uint8Array(0));
    expect(hex(frame)).toBe('7e9003400001000000000139123456781234c47e');
  });

  it('carries total and index when it is a part', () => {
    const message = decodeFrame(withCheck(bytes('0704 6001 01 00000000013912345678 0009 0002 0001 55')));
    expect(message).toMatchObject({ header: { serial: 9, part: { total: 2, index: 1 } } });
  });
});

describe('escaping', () => {
  it('replaces 7E by 7D 02 and 7D by 7D 01 at every place of a frame, and nothing else', () => {
    for (const [raw, escaped] of [
      ['7e', '7d02'],
      ['7d', '7d01'],
    ] as const) {
      for (let at = 0; at < 32; at++) {
        const body = new Uint8Array(32).fill(0x55);
        body[at] = Number.parseInt(raw, 16);
        const frame = encodeFrame({ id: 0x0900, version: '2013', phone: phone13, serial: 1 }, body);
        expect(hex(frame)).toContain(`${'55'.repeat(at)}${escaped}${'55'.repeat(31 - at)}`);
        expect(hex(decoded(frame).body)).toBe(hex(body));
      }
    }
  });

  it('covers id, properties, phone, serial and checksum too', () => {
    const phone = bytes('7D7E7D7E7D7E');
    const frame = encodeFrame({ id: 0x7e7d, version: '2013', phone, serial: 0x7d7e }, new Uint8Array(0x7e));
    expect(hex(frame).startsWith('7e7d027d01007d027d017d027d017d027d017d027d017d02')).toBe(true);
    expect(frame.subarray(1, -1).includes(0x7e)).toBe(false);
    expect(decoded(frame).header).toMatchObject({ id: 0x7e7d, phone, serial: 0x7d7e });
    const checksum7e = encodeFrame(
      { id: 0x7e00, version: '2013', phone: new Uint8Array(6), serial: 0 },
      new Uint8Array(0),
    );
    expect(hex(checksum7e)).toBe(`7e7d0200${'0000'}${'00'.repeat(6)}00007d027e`);
  });

  it('may be missing: a 7D before anything but 01 and 02 stands for itself when the checksum agrees', () => {
    const unescapedBody = withCheck(bytes('0900 0003 013912345678 0001 F0 7D A0'));
    expect(hex(decodedBetween(unescapedBody).body)).toBe('f07da0');
    const unescapedChecksum = bytes('0002 0000 000000000679 0000 7D');
    expect(decodedBetween(unescapedChecksum).header).toMatchObject({ id: 2, serial: 0 });
  });

  it('is blamed when a 7D stands alone and the checksum does not agree', () => {
    expect(decodeFrame(bytes('0002 0000 013912345678 7D03 00 00'))).toBe('badEscape');
    expect(decodeFrame(bytes('0002 0000 013912345678 0001 7D'))).toBe('badEscape');
  });
});

describe('a damaged frame', () => {
  it('is too short below a header', () => {
    for (let length = 0; length < 13; length++) expect(decodeFrame(new Uint8Array(length))).toBe('tooShort');
    expect(decodeFrame(withCheck(bytes('0002 4000 01 000000000139')))).toBe('tooShort');
    expect(decodeFrame(withCheck(bytes('0002 2000 013912345678 0001 0001')))).toBe('tooShort');
  });

  it('fails its checksum', () => {
    expect(decodeFrame(bytes('0002 0000 013912345678 0001 00'))).toBe('badChecksum');
  });

  it('is refused when the properties announce more or less body than there is', () => {
    expect(decodeFrame(withCheck(bytes('0002 0001 013912345678 0001')))).toBe('badLength');
    expect(decodeFrame(withCheck(bytes('0002 0000 013912345678 0001 00')))).toBe('badLength');
  });

  it('is refused by its length when a 10-byte phone comes without the version flag (oddity 17)', () => {
    expect(decodeFrame(withCheck(bytes('8104 0000 01000000000012345678 9100')))).toBe('badLength');
  });
});

describe('parts', () => {
  it('hold at most maxBody each and count their serials on, around the end', () => {
    const frames = encodeFrames(
      { id: 0x8801, version: '2013', phone: phone13, serial: 0xfffe },
      new Uint8Array(25),
      10,
    );
    expect(frames.map(frame => decoded(frame).header)).toMatchObject([
      { serial: 0xfffe, part: { total: 3, index: 1 } },
      { serial: 0xffff, part: { total: 3, index: 2 } },
      { serial: 0, part: { total: 3, index: 3 } },
    ]);
    expect(frames.map(frame => decoded(frame).body.length)).toEqual([10, 10, 5]);
  });

  it('are none when the body just fits', () => {
    const head = { id: 0x8801, version: '2013', phone: phone13, serial: 1 } as const;
    expect(encodeFrames(head, new Uint8Array(1023))).toHaveLength(1);
    expect(encodeFrames(head, new Uint8Array(1024))).toHaveLength(2);
  });
});

describe('a sender’s mistake', () => {
  it('is refused', () => {
    const none = new Uint8Array(0);
    expect(() => encodeFrame({ id: 1, version: '2013', phone: phone19, serial: 1 }, none)).toThrow(RangeError);
    expect(() => encodeFrame({ id: 1, version: '2019', phone: phone13, serial: 1 }, none)).toThrow(RangeError);
    expect(() => encodeFrame({ id: 1, version: '2013', phone: phone13, serial: 1 }, new Uint8Array(1024))).toThrow(
      RangeError,
    );
    expect(() => encodeFrames({ id: 1, version: '2013', phone: phone13, serial: 1 }, none, 0)).toThrow(RangeError);
    expect(() => encodeFrames({ id: 1, version: '2013', phone: phone13, serial: 1 }, none, 1024)).toThrow(RangeError);
    expect(() => encodeFrames({ id: 1, version: '2013', phone: phone13, serial: 1 }, new Uint8Array(65536), 1)).toThrow(
      RangeError,
    );
  });
});

describe('any message', () => {
  const word = fc.integer({ min: 0, max: 0xffff });
  const anyHead = fc.record({
    id: word,
    version: fc.constantFrom('2013' as const, '2019' as const),
    digits: fc.uint8Array({ minLength: 10, maxLength: 10 }),
    serial: word,
    encryption: fc.integer({ min: 0, max: 7 }),
  });

  it('comes back from its frames, whatever the body and the part size', () => {
    fc.assert(
      fc.property(
        anyHead,
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 1023 }),
        (head, body, maxBody) => {
          const phone = head.version === '2019' ? head.digits : head.digits.subarray(0, 6);
          const frames = encodeFrames({ ...head, phone }, body, maxBody);
          const messages = frames.map(frame => {
            expect(frame[0]).toBe(0x7e);
            expect(frame.at(-1)).toBe(0x7e);
            expect(frame.subarray(1, -1).includes(0x7e)).toBe(false);
            return decoded(frame);
          });
          expect(Buffer.concat(messages.map(message => message.body)).equals(body)).toBe(true);
          messages.forEach(({ header }, at) => {
            expect(header).toMatchObject({ id: head.id, version: head.version, encryption: head.encryption, phone });
            expect(header.serial).toBe((head.serial + at) & 0xffff);
            expect(header.part).toEqual(messages.length > 1 ? { total: messages.length, index: at + 1 } : undefined);
          });
        },
      ),
    );
  });

  it('is read or refused after any damage, never thrown over', () => {
    const damage = fc.array(
      fc.record({
        kind: fc.constantFrom('flip', 'cut', 'insert'),
        at: fc.nat(),
        value: fc.integer({ min: 0, max: 255 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(anyHead, fc.uint8Array({ maxLength: 200 }), damage, (head, body, blows) => {
        const phone = head.version === '2019' ? head.digits : head.digits.subarray(0, 6);
        let frame = [...(encodeFrames({ ...head, phone }, body, 60)[0] as Uint8Array).subarray(1, -1)];
        for (const { kind, at, value } of blows) {
          const place = frame.length ? at % frame.length : 0;
          if (kind === 'flip' && frame.length) frame[place] = (frame[place] as number) ^ (value || 1);
          else if (kind === 'cut') frame = frame.slice(0, place);
          else frame.splice(place, 0, value);
        }
        const result = decodeFrame(Uint8Array.from(frame));
        if (typeof result === 'string') expect(['tooShort', 'badEscape', 'badChecksum', 'badLength']).toContain(result);
        else expect(result.body.length).toBeLessThanOrEqual(1023);
      }),
      { numRuns: 2000 },
    );
  });
});

function withCheck(raw: Uint8Array): Uint8Array {
  return Uint8Array.of(
    ...raw,
    raw.reduce((all, byte) => all ^ byte, 0),
  );
}
