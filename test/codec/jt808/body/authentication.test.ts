import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import { authentication } from '../../../../electron/codec/jt808/body/authentication.ts';
import { bytes } from '../../hex.ts';
import { expectBody } from '../expect-body.ts';

describe('authentication', () => {
  it('of 2013 is the code and nothing else', () => {
    expectBody(authentication, '2013', '4B455931', { code: 'KEY1', imei: '', softwareVersion: '' });
    expectBody(authentication, '2013', '', { code: '', imei: '', softwareVersion: '' });
  });

  it('of 2011 may end its code with a zero', () => {
    expect(authentication.read(bytes('4B455931 00'), '2013').code).toBe('KEY1');
  });

  it('of 2019 has a length, the IMEI and the software version', () => {
    expectBody(authentication, '2019', `04 4B455931 383630303030303030303030303031 56312E32${'00'.repeat(16)}`, {
      code: 'KEY1',
      imei: '860000000000001',
      softwareVersion: 'V1.2',
    });
    expect(() => authentication.read(bytes('04 4B455931'), '2019')).toThrow(ShortRead);
    expect(() => authentication.read(bytes('FF 4B455931'), '2019')).toThrow(ShortRead);
  });
});
