import { describe, expect, it } from 'vitest';
import { canData } from '../../../../electron/codec/jt808/body/can-data.ts';
import { bytes } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const frames = [
  { id: 0x18fef100, data: bytes('01 02 03 04 05 06 07 08') },
  { id: 0x98fef100, data: bytes('FF 00 00 00 00 00 00 FE') },
];
const rest = '1304050250 18FEF100 0102030405060708 98FEF100 FF000000000000FE';

describe('0x0705', () => {
  it('is how many, a time, and frames', () => {
    for (const version of bothVersions) expectBody(canData, version, `0002 ${rest}`, { time: '1304050250', frames });
  });

  it('keeps the frames that are there, whatever it counts', () => {
    for (const count of ['0000', '0001', 'FFFF'])
      expect(canData.read(bytes(`${count} ${rest} 00`), '2013')).toEqual({ time: '1304050250', frames });
  });
});
