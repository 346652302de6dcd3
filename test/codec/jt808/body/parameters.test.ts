import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../electron/codec/jt808/body/parameter.ts';
import { parameterTypes } from '../../../../electron/codec/jt808/body/parameter-type.ts';
import {
  parameterReply,
  queryGivenParameters,
  setParameters,
} from '../../../../electron/codec/jt808/body/parameters.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const live = { mode: 1, resolution: 5, keyFrameInterval: 50, frameRate: 25, bitRate: 1024 };
const storage = { mode: 0, resolution: 6, keyFrameInterval: 250, frameRate: 30, bitRate: 4096 };
const video = '01 05 0032 19 00000400  00 06 00FA 1E 00001000  0007';
const period = { wake: '0600', sleep: '2200' };
const none = { wake: '0000', sleep: '0000' };

const pinned: [string, Parameter][] = [
  ['00000001 04 0000003C', { id: 0x0001, value: 60 }],
  ['00000013 08 31302E342E322E37', { id: 0x0013, value: '10.4.2.7' }],
  ['00000031 02 0064', { id: 0x0031, value: 100 }],
  ['00000032 04 161E070F', { id: 0x0032, value: bytes('161E070F') }],
  ['00000083 08 D4C1423132333435', { id: 0x0083, value: '粤B12345' }],
  ['00000084 01 02', { id: 0x0084, value: 2 }],
  ['00000110 08 0000000A80000001', { id: 0x0110, value: bytes('0000000A80000001') }],
  [`00000075 15 ${video} 01`, { id: 0x0075, value: { live, storage, captions: 7, audio: 1 } }],
  [
    '00000076 0F 01 01 01 01020001 02030100 03040200',
    {
      id: 0x0076,
      value: {
        audioVideo: [{ physical: 1, logical: 2, kind: 0, panTilt: 1 }],
        audio: [{ physical: 2, logical: 3, kind: 1, panTilt: 0 }],
        video: [{ physical: 3, logical: 4, kind: 2, panTilt: 0 }],
      },
    },
  ],
  [`00000077 16 01 03 ${video}`, { id: 0x0077, value: [{ channel: 3, live, storage, captions: 7 }] }],
  ['00000079 03 14 05 01', { id: 0x0079, value: { storagePercent: 20, minutesAfter: 5, minutesBefore: 1 } }],
  ['0000007A 04 00000022', { id: 0x007a, value: 0x22 }],
  ['0000007B 02 28 50', { id: 0x007b, value: { passengers: 40, fatigue: 80 } }],
  [
    `0000007C 14 03 05 7F 01 06002200 ${'00000000'.repeat(3)}`,
    {
      id: 0x007c,
      value: { modes: 3, conditions: 5, weekdays: 0x7f, periodsOn: 1, periods: [period, none, none, none] },
    },
  ],
  ['0000F364 03 010203', { id: 0xf364, raw: bytes('010203') }],
  ['00000001 02 003C', { id: 0x0001, raw: bytes('003C') }],
];

describe('parameters', () => {
  it.each(pinned)('%s', (text, parameter) => {
    expectBody(setParameters, '2013', `01 ${text}`, { parameters: [parameter] });
    expectBody(parameterReply, '2019', `0102 01 ${text}`, { replySerial: 0x0102, parameters: [parameter] });
  });

  it('come in any number', () => {
    const body = `${pinned.length.toString(16).padStart(2, '0')} ${pinned.map(([text]) => text).join(' ')}`;
    for (const version of bothVersions)
      expectBody(setParameters, version, body, { parameters: pinned.map(([, parameter]) => parameter) });
  });

  it('are led by their lengths, not by the count', () => {
    const read = parameterReply.read(bytes('0001 09 00000084 01 02 00000031 02 0064'), '2013');
    expect(read.parameters).toEqual([
      { id: 0x0084, value: 2 },
      { id: 0x0031, value: 100 },
    ]);
    expect(parameterReply.read(bytes('0001 01 00000084 01 02 00000031 0F 00'), '2013').parameters).toHaveLength(1);
  });

  it('are kept as they came when a list in them does not add up', () => {
    expect(setParameters.read(bytes('01 00000076 07 02 00 00 01020001'), '2013').parameters).toEqual([
      { id: 0x0076, raw: bytes('02 00 00 01020001') },
    ]);
    expect(setParameters.read(bytes('01 00000076 07 00 00 00 01020001'), '2013').parameters).toEqual([
      { id: 0x0076, raw: bytes('00 00 00 01020001') },
    ]);
    expect(setParameters.read(bytes('01 00000077 01 05'), '2013').parameters).toEqual([
      { id: 0x0077, raw: bytes('05') },
    ]);
  });

  it('are refused when they do not fit', () => {
    const write = (parameter: Parameter) => setParameters.write({ parameters: [parameter] }, '2013');
    expect(() => write({ id: 0x0013, value: 'x'.repeat(256) })).toThrow(RangeError);
    expect(() => write({ id: 0x0084, value: 256 })).toThrow(RangeError);
    expect(() =>
      write({ id: 0x007c, value: { modes: 0, conditions: 0, weekdays: 0, periodsOn: 0, periods: [period] } }),
    ).toThrow(RangeError);
  });

  it('have names and types of the standard', () => {
    for (const [id, { name, type }] of Object.entries(parameterTypes)) {
      expect(name.length, id).toBeGreaterThan(3);
      expect(['DWORD', 'WORD', 'BYTE', 'STRING', 'BYTE[4]', 'BYTE[8]']).toContain(type);
    }
    expect(Object.keys(parameterTypes)).toHaveLength(86);
  });
});

describe('0x8106', () => {
  it('names the parameters asked for', () => {
    for (const version of bothVersions)
      expectBody(queryGivenParameters, version, '02 00000001 00000076', { ids: [1, 0x76] });
    expect(hex(queryGivenParameters.write({ ids: [] }, '2013'))).toBe('00');
  });
});
