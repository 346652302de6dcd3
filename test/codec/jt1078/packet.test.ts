import { describe, expect, it } from 'vitest';
import { readDatagram } from '../../../electron/codec/datagram.ts';
import { encodePacket, type Packet } from '../../../electron/codec/jt1078/packet.ts';
import { defaultSettings } from '../../../electron/config.ts';
import { Tally } from '../../../electron/tally.ts';
import { bytes as hex } from '../hex.ts';

/** Table 19 of 1078-2016, field by field. */
const vectors = [
  {
    name: 'video, SIM of 6 bytes',
    // magic · 81 · M 0, PT 98 · sequence 50 · SIM · channel 2 · I frame, first · timestamp · intervals 65535, 40 · length 3
    bytes: hex('30316364 81 62 0032 013912345678 02 01 0000016CD3F1A2B2 FFFF 0028 0003 000001'),
    fields: {
      payloadType: 98,
      marker: false,
      sequence: 50,
      sim: hex('013912345678'),
      channel: 2,
      dataType: 0,
      part: 1,
      timestamp: 0x16cd3f1a2b2n,
      payload: hex('000001'),
    },
    terminal: '13912345678',
    intervals: { sinceKeyMs: 65535, sinceFrameMs: 40 },
  },
  {
    name: 'video, SIM of 10 bytes',
    bytes: hex('30316364 81 E3 FFFF 00000000013912345678 04 12 00000000000000C8 0000 0000 0001 AA'),
    fields: {
      payloadType: 99,
      marker: true,
      sequence: 65535,
      sim: hex('00000000013912345678'),
      channel: 4,
      dataType: 1,
      part: 2,
      timestamp: 200n,
      payload: hex('AA'),
    },
    terminal: '13912345678',
    intervals: {},
  },
  {
    name: 'audio: no intervals',
    bytes: hex('30316364 81 86 0001 013912345678 01 30 00000092D6FA202E 0004 D5D5D555'),
    fields: {
      payloadType: 6,
      marker: true,
      sequence: 1,
      sim: hex('013912345678'),
      channel: 1,
      dataType: 3,
      part: 0,
      timestamp: 630671941678n,
      payload: hex('D5D5D555'),
    },
    terminal: '13912345678',
    intervals: {},
  },
  {
    name: 'pass-through: neither timestamp nor intervals',
    bytes: hex('30316364 81 5B 0007 013912345678 01 40 0002 BEEF'),
    fields: {
      payloadType: 91,
      marker: false,
      sequence: 7,
      sim: hex('013912345678'),
      channel: 1,
      dataType: 4,
      part: 0,
      timestamp: 0n,
      payload: hex('BEEF'),
    },
    terminal: '13912345678',
    intervals: {},
  },
] as const;

function readOne(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  readDatagram(bytes, {
    tally: new Tally(),
    settings: defaultSettings(),
    knows: () => false,
    packet: packet => packets.push({ ...packet, payload: Uint8Array.from(packet.payload) }),
  });
  return packets;
}

describe('stream packet', () => {
  for (const vector of vectors) {
    it(`is read: ${vector.name}`, () => {
      expect(readOne(vector.bytes)).toEqual([{ ...vector.fields, terminal: vector.terminal }]);
    });

    it(`is written: ${vector.name}`, () => {
      expect(encodePacket({ ...vector.fields, ...vector.intervals })).toEqual(vector.bytes);
    });
  }

  it('refuses what the header cannot carry', () => {
    const { fields } = vectors[0];
    expect(() => encodePacket({ ...fields, sim: new Uint8Array(7) })).toThrow(RangeError);
    expect(() => encodePacket({ ...fields, payload: new Uint8Array(65536) })).toThrow(RangeError);
  });
});
