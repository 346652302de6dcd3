import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, type Header, type Message } from '../../../electron/codec/jt808/frame.ts';
import { messageEntry, readMessage } from '../../../electron/codec/jt808/messages.ts';
import { captureText, hasCapture } from '../captures.ts';
import { bytes, hex } from '../hex.ts';

interface ListedFrame {
  hex: string;
  header: {
    msg_id: string;
    encrypt: number;
    sub: boolean;
    sub_total?: number;
    sub_index?: number;
    ver_flag: boolean;
    protocol_version_byte?: number;
    phone_bcd: string;
    serial: number;
    body_hex: string;
    location?: {
      alarm: string;
      status: string;
      lat: number;
      lon: number;
      altitude: number;
      speed_0_1kmh: number;
      direction: number;
      time_bcd: string;
      additional: { id: string; hex: string }[];
    };
  };
}

function decoded(frame: string): Message {
  const message = decodeFrame(bytes(frame).subarray(1, -1));
  if (typeof message === 'string') throw new Error(`${message}: ${frame}`);
  return message;
}

function listedHeader({ header }: ListedFrame): Header {
  return {
    id: Number(header.msg_id),
    version: header.ver_flag ? '2019' : '2013',
    protocolVersion: header.protocol_version_byte ?? 0,
    encryption: header.encrypt,
    phone: bytes(header.phone_bcd),
    serial: header.serial,
    ...(header.sub ? { part: { total: header.sub_total ?? -1, index: header.sub_index ?? -1 } } : {}),
  };
}

/** Checksum or body with a 7D that its sender did not escape; ours is. By `id phone serial`. */
const unescaped = [
  '0x0002 000000000679 0',
  '0x0200 012152334751 3',
  '0x0200 671070438773 1401',
  '0x0900 4f07788ef87d 12',
];

/** Bodies that are not written as they were read, by `id body`. */
const notWrittenAlike: Record<string, string> = {
  '0x0100 00000000000000000000000000000000000009402784947000': 'model filled with zeros, device id filled in front',
  '0x0100 002800323132333400746b3132333435004348493132330001d4c1413132333435':
    '2011 model filled with zeros, not blanks',
  '0x0100 0000000036363636363838383838000000000000000000000000000000353133333931330241423838383800':
    'plate ended with a zero',
  '0x0104 000401000000840000000001': 'a length of 0 before a value of 4 bytes',
  '0x0104 000401000000320000000001': 'a length of 0 before a value of 4 bytes',
  '0x0104 000402000000010400000001': 'announces two parameters, holds one',
  '0x0104 00040200000001': 'announces two parameters, holds an id',
  '0x0104 00140200000001040000000a000000130f7777772e62616964752e636f6d':
    'the last length is two more than what follows',
  '0x0805 000b000100000001': 'counts in a BYTE',
  '0x8105 01013b544b4e616d653b544b3b544b3132333b7777772e62616964752e636f6d3b22663b0cea3b31323334353b636f64653b322e303b312e303b7777772e544b2e636f6d3b003c3b':
    'has ports as two bytes within the text',
  '0x8800 0000008100': 'counts no parts at all, where the text ends before the count',
};

/** Bodies that end within a field, by `id body`. */
const short: Record<string, string> = {
  '0x0107 004231323334357465726d696e616c54797065313233343536373837363534333231111122334455667788990968642d76312e322e3309666d2d76332e322e31':
    'without the properties of GNSS and modem',
  '0x8001 ': 'empty',
  '0x8100 ': 'empty',
};

describe.skipIf(!hasCapture('jt808-frames.json'))('404 frames of public projects (jt808-frames.json)', () => {
  const frames: ListedFrame[] = hasCapture('jt808-frames.json') ? JSON.parse(captureText('jt808-frames.json')) : [];
  const name = ({ header }: ListedFrame) => `${header.msg_id} ${header.phone_bcd} ${header.serial}`;

  it('are decoded to the header and body listed', () => {
    expect(frames).toHaveLength(404);
    for (const frame of frames) {
      const message = decoded(frame.hex);
      expect(message.header, frame.hex).toEqual(listedHeader(frame));
      expect(hex(message.body), frame.hex).toBe(frame.header.body_hex);
    }
  });

  it('are encoded to the same bytes, but for what their senders left unescaped', () => {
    const different = frames.filter(frame => {
      const { header, body } = decoded(frame.hex);
      return hex(encodeFrame(header, body, header.part)) !== frame.hex;
    });
    expect(different.map(name)).toEqual(unescaped);
  });

  it('have bodies that are read and written again to the same bytes', () => {
    let read = 0;
    const alike = new Set(Object.keys(notWrittenAlike));
    const refused = new Set(Object.keys(short));
    for (const frame of frames) {
      const key = `${frame.header.msg_id} ${frame.header.body_hex}`;
      const message = decoded(frame.hex);
      const reading = readMessage(message);
      if (reading === 'unknownId' || reading === 'part' || reading === 'encrypted') continue;
      if (reading === 'shortBody') {
        expect(short, key).toHaveProperty([key]);
        refused.delete(key);
        continue;
      }
      read++;
      const written = hex(messageEntry(reading.id)?.write(reading.value, message.header.version));
      if (key in notWrittenAlike) {
        expect(written, key).not.toBe(frame.header.body_hex);
        alike.delete(key);
      } else {
        expect(written, key).toBe(frame.header.body_hex);
        expect(reading.surplus, key).toBe(0);
      }
    }
    expect([...alike, ...refused]).toEqual([]);
    expect(read).toBe(277);
  });

  it('have the 70 positions that are listed with them', () => {
    const located = frames.filter(frame => frame.header.location);
    expect(located).toHaveLength(70);
    for (const { hex: text, header } of located) {
      const { location } = header;
      const reading = readMessage(decoded(text));
      if (!location || typeof reading === 'string' || reading.id !== 0x0200) throw new Error(text);
      const { value } = reading;
      expect(value.alarms, text).toBe(Number.parseInt(location.alarm, 16));
      expect(value.status, text).toBe(Number.parseInt(location.status, 16));
      expect([Math.abs(value.latitude), Math.abs(value.longitude)], text).toEqual([location.lat, location.lon]);
      expect([value.altitude, Math.round(value.speed * 10), value.direction], text).toEqual([
        location.altitude,
        location.speed_0_1kmh,
        location.direction,
      ]);
      const [year, month, day, hour, minute, second] = location.time_bcd.match(/../g) ?? [];
      expect(value.time, text).toBe(Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`));
      const ids = location.additional.map(item => Number.parseInt(item.id, 16));
      expect(
        value.items.map(item => item.id),
        text,
      ).toEqual(ids.slice(0, value.items.length));
      expect(ids.length - value.items.length, text).toBe(value.tail && ids.length > value.items.length ? 1 : 0);
      for (const [at, item] of value.items.entries())
        if (item.id === 0x01 && 'value' in item)
          expect(item.value).toBe(Number.parseInt(location.additional[at]?.hex ?? '', 16));
    }
  });
});
