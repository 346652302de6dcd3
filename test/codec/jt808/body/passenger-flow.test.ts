import { describe, it } from 'vitest';
import { passengerFlow } from '../../../../electron/codec/jt808/body/passenger-flow.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x1005', () => {
  it('is start, end, how many got on and off', () => {
    for (const version of bothVersions)
      expectBody(passengerFlow, version, '261123130000 261123130105 000C 0102', {
        start: Date.parse('2026-11-23T13:00:00+08:00'),
        end: Date.parse('2026-11-23T13:01:05+08:00'),
        on: 12,
        off: 258,
      });
  });
});
