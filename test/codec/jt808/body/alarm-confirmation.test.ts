import { describe, expect, it } from 'vitest';
import { alarmConfirmation, confirmableAlarms } from '../../../../electron/codec/jt808/body/alarm-confirmation.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x8203', () => {
  it('is the serial of the report and the alarms', () => {
    for (const version of bothVersions)
      expectBody(alarmConfirmation, version, '1234 08000001', { alarmSerial: 0x1234, alarms: 0x08000001 });
  });

  it('is for seven alarms', () => {
    const bits = Array.from({ length: 32 }, (_, bit) => bit).filter(bit => (confirmableAlarms >>> bit) & 1);
    expect(bits).toEqual([0, 3, 20, 21, 22, 27, 28]);
  });
});
