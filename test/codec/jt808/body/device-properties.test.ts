import { describe, expect, it } from 'vitest';
import { deviceProperties } from '../../../../electron/codec/jt808/body/device-properties.ts';
import { bytes } from '../../hex.ts';
import { expectBody } from '../expect-body.ts';

const value = {
  deviceType: 0x0041,
  maker: 'ACME1',
  makerWidth: 5,
  model: 'CAM-7',
  deviceId: 'X12',
  iccid: '89860000000000000012',
  hardwareVersion: 'H1',
  firmwareVersion: 'F2.0',
  gnss: 3,
  modem: 0x20,
} as const;
const tail = '89860000000000000012 02 4831 04 46322E30 03 20';

describe('terminal properties', () => {
  it('of 2013', () => {
    expectBody(deviceProperties, '2013', `0041 41434D4531 43414D2D37${'00'.repeat(15)} 58313200000000 ${tail}`, value);
  });

  it('of 2019, maker of 5 bytes as its table says', () => {
    const body = `0041 41434D4531 43414D2D37${'00'.repeat(25)} 583132${'00'.repeat(27)} ${tail}`;
    expectBody(deviceProperties, '2019', body, value);
  });

  it('of 2019, maker of 11 bytes as terminals send it (oddity 16)', () => {
    const body = `0041 41434D4531${'00'.repeat(6)} 43414D2D37${'00'.repeat(25)} 583132${'00'.repeat(27)} ${tail}`;
    expectBody(deviceProperties, '2019', body, { ...value, makerWidth: 11 });
  });

  it('take the 5 bytes of the table when the length fits neither', () => {
    const body = bytes(`0041 41434D4531 43414D2D37${'00'.repeat(25)} 583132${'00'.repeat(27)} ${tail} FF`);
    expect(deviceProperties.read(body, '2019')).toEqual(value);
  });
});
