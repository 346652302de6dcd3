import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import { locationReply, queryLocation } from '../../../../electron/codec/jt808/body/location-query.ts';
import { bytes } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x8201', () => {
  it('has no body', () => {
    for (const version of bothVersions) expectBody(queryLocation, version, '', null);
  });
});

describe('0x0201', () => {
  const body = '1234 00000001 00000003 01DCF2AE 073C1B40 0010 0258 010E 261123130405 0104 00000064';

  it('is the serial of the query and a position', () => {
    for (const version of bothVersions)
      expectBody(locationReply, version, body, {
        replySerial: 0x1234,
        location: {
          alarms: 1,
          status: 3,
          latitude: 31.257262,
          longitude: 121.379648,
          altitude: 16,
          speed: 60,
          direction: 270,
          time: Date.parse('2026-11-23T13:04:05+08:00'),
          items: [{ id: 0x01, value: 100 }],
        },
      });
  });

  it('is refused when the position is cut', () => {
    expect(() => locationReply.read(bytes(body).subarray(0, 29), '2013')).toThrow(ShortRead);
  });
});
