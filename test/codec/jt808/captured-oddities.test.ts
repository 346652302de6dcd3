import { describe, expect, it } from 'vitest';
import { itemValue } from '../../../electron/codec/jt808/body/location-item.ts';
import { decodeFrame, type Message } from '../../../electron/codec/jt808/frame.ts';
import { messageEntry, readMessage } from '../../../electron/codec/jt808/messages.ts';
import { SubPackages } from '../../../electron/codec/jt808/sub-packages.ts';
import { terminalId } from '../../../electron/codec/terminal-id.ts';
import { defaultSettings } from '../../../electron/config.ts';
import { Tally } from '../../../electron/tally.ts';
import { captureText, hasCapture } from '../captures.ts';
import { bytes, hex } from '../hex.ts';

const file = 'jt808-oddities.json';
const partsFile = 'jt808-0x1205-18-parts.txt';

function decode(frame: string): Message {
  const message = decodeFrame(bytes(frame).subarray(1, -1));
  if (typeof message === 'string') throw new Error(message);
  return message;
}

function read(frame: string) {
  const reading = readMessage(decode(frame));
  if (typeof reading === 'string') throw new Error(reading);
  return reading;
}

describe.skipIf(!hasCapture(file))(`frames that tripped other projects (${file})`, () => {
  const frames: { hex: string }[] = hasCapture(file) ? JSON.parse(captureText(file)) : [];
  const [reused, dashcam, reply, notBcd, registration, tenByte, maker11, maker5] = frames.map(each => each.hex) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];

  it('a position whose items 0x16, 0x17 and 0x18 mean something else', () => {
    const reading = read(reused);
    if (reading.id !== 0x0200) throw new Error(reading.name);
    const { items, tail } = reading.value;
    expect(tail).toBeUndefined();
    expect(items.map(item => item.id)).toEqual([0x01, 0x03, 0x21, 0x25, 0x2b, 0x30, 0x31, 0x16, 0x17, 0x18, 0x14]);
    expect(items.filter(item => 'raw' in item).map(item => item.id)).toEqual([0x21, 0x17, 0x18]);
    expect(itemValue(items, 0x17)).toBeUndefined();
    expect(itemValue(items, 0x18)).toBeUndefined();
    expect(itemValue(items, 0x14)).toBe(2);
    expect([itemValue(items, 0x30), itemValue(items, 0x31)]).toEqual([3, 12]);
  });

  it('a position with 1078 items and a maker’s items inside 0xEB', () => {
    const reading = read(dashcam);
    if (reading.id !== 0x0200) throw new Error(reading.name);
    const { items } = reading.value;
    expect([itemValue(items, 0x14), itemValue(items, 0x15), itemValue(items, 0x17)]).toEqual([4, 0, 1]);
    expect(items.map(item => item.id)).toEqual([0x01, 0x14, 0x15, 0x17, 0x30, 0x31, 0xeb, 0xef]);
    expect(reading.value.tail).toBeUndefined();
    expect(read(reply)).toMatchObject({ id: 0x8001, value: { replySerial: 458, replyId: 0x0200, result: 0 } });
  });

  it('a phone that is not BCD', () => {
    expect(terminalId(decode(notBcd).header.phone)).toBe('56AEBC2A');
    expect(read(notBcd)).toMatchObject({
      id: 0x9101,
      value: { address: '103.89.13.188', tcpPort: 5263, udpPort: 0, channel: 1, dataType: 1, stream: 0 },
    });
  });

  it('a registration of 2013', () => {
    expect(read(registration)).toMatchObject({
      id: 0x0100,
      value: {
        layout: '2013',
        city: 110,
        maker: 'cd123',
        model: 'www.808.com',
        deviceId: '7654321',
        plate: '测A12345678',
      },
    });
  });

  it('a 10-byte phone without the version flag', () => {
    expect(decodeFrame(bytes(tenByte).subarray(1, -1))).toBe('badLength');
  });

  it('terminal properties of 2019 with makers of 11 and of 5 bytes', () => {
    expect(read(maker11)).toMatchObject({
      id: 0x0107,
      surplus: 0,
      value: { makerWidth: 11, iccid: '89860833192330760501', firmwareVersion: '6.2.84', gnss: 3, modem: 255 },
    });
    expect(read(maker5)).toMatchObject({
      id: 0x0107,
      surplus: 0,
      value: { makerWidth: 5, maker: '88888', model: 'CK100C', deviceId: '1000493' },
    });
  });
});

describe.skipIf(!hasCapture(partsFile))(`a resource list in 18 parts (${partsFile})`, () => {
  const frames = hasCapture(partsFile) ? captureText(partsFile).trim().split(/\s+/) : [];

  it('is joined, whatever the order', () => {
    expect(frames).toHaveLength(18);
    for (const order of [frames, frames.toReversed(), [...frames.slice(9), ...frames.slice(0, 9)]]) {
      const tally = new Tally();
      const parts = new SubPackages({ clock: { monotonic: () => 0 }, tally, settings: defaultSettings() });
      const wholes = order.map(frame => parts.add(decode(frame))).filter(whole => whole !== undefined);
      expect(wholes).toHaveLength(1);
      const [whole] = wholes as [Message];
      expect(whole.header).toMatchObject({ id: 0x1205, serial: 0x42fc });
      expect(whole.body.length).toBe(6 + 180 * 28);
      expect(hex(whole.body.subarray(0, 6))).toBe('0002000000b4');
      expect(tally.snapshot()).toEqual({});
    }
  });

  it('is 180 recordings of five channels, end to end', () => {
    const parts = new SubPackages({ clock: { monotonic: () => 0 }, tally: new Tally(), settings: defaultSettings() });
    const whole = frames.map(frame => parts.add(decode(frame))).find(each => each !== undefined) as Message;
    const reading = readMessage(whole);
    if (typeof reading === 'string' || reading.id !== 0x1205) throw new Error('not a resource list');
    const { replySerial, resources, announced } = reading.value;
    expect([reading.surplus, replySerial, resources.length, announced]).toEqual([0, 2, 180, undefined]);
    expect(resources[0]).toEqual({
      channel: 1,
      start: Date.parse('2020-07-17T00:00:00+08:00'),
      end: Date.parse('2020-07-17T00:00:35+08:00'),
      alarms: 0,
      videoAlarms: 0,
      media: 0,
      stream: 1,
      storage: 1,
      bytes: 0x02268594,
    });
    expect(new Set(resources.map(each => each.channel))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(resources.every(each => each.start > 0 && each.end >= each.start && each.bytes > 0)).toBe(true);
    expect(resources.filter(each => each.alarms !== 0).length).toBeGreaterThan(100);
    expect(hex(messageEntry(0x1205)?.write(reading.value, '2013'))).toBe(hex(whole.body));
  });

  it('is asked for what is missing', () => {
    const time = { ms: 0 };
    const settings = defaultSettings();
    const parts = new SubPackages({ clock: { monotonic: () => time.ms }, tally: new Tally(), settings });
    for (const [at, frame] of frames.entries()) if (at !== 3 && at !== 17) parts.add(decode(frame));
    time.ms = settings.partsTimeoutMs;
    expect(parts.dueRequests()).toEqual([{ firstSerial: 0x42fc, indexes: [4, 18] }]);
  });
});
