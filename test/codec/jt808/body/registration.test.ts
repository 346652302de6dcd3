import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import { registration, registrationReply } from '../../../../electron/codec/jt808/body/registration.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const fields = {
  province: 44,
  city: 300,
  maker: 'ACME1',
  model: 'CAM-7',
  deviceId: 'X12',
  plateColor: 2,
  plate: '粤B12345',
};
const plate = 'D4C1 42 31 32 33 34 35';

describe('registration', () => {
  it('of 2011 has a model of 8 bytes, filled with blanks', () => {
    expectBody(registration, '2013', `002C 012C 41434D4531 43414D2D37202020 58313200000000 02 ${plate}`, {
      layout: '2011',
      ...fields,
    });
  });

  it('of 2013 has a model of 20 bytes', () => {
    const body = `002C 012C 41434D4531 43414D2D37${'00'.repeat(15)} 58313200000000 02 ${plate}`;
    expectBody(registration, '2013', body, { layout: '2013', ...fields });
  });

  it('of 2019 has a maker of 11 bytes, model and device id of 30', () => {
    const body = `002C 012C 41434D4531${'00'.repeat(6)} 43414D2D37${'00'.repeat(25)} 583132${'00'.repeat(27)} 02 ${plate}`;
    expectBody(registration, '2019', body, { layout: '2019', ...fields });
  });

  it('without a plate is the shortest of its layout', () => {
    expect(registration.read(new Uint8Array(25), '2013')).toMatchObject({ layout: '2011', plate: '' });
    expect(registration.read(new Uint8Array(36), '2013')).toMatchObject({ layout: '2011' });
    expect(registration.read(new Uint8Array(37), '2013')).toMatchObject({ layout: '2013', plate: '' });
    expect(registration.read(new Uint8Array(76), '2019')).toMatchObject({ layout: '2019', plate: '' });
    expect(() => registration.read(new Uint8Array(24), '2013')).toThrow(ShortRead);
    expect(() => registration.read(new Uint8Array(75), '2019')).toThrow(ShortRead);
  });

  it('may have its text filled in front', () => {
    const body = bytes(
      `0000 0000 ${'00'.repeat(6)}41434D4531 ${'00'.repeat(25)}43414D2D37 ${'00'.repeat(27)}583132 00`,
    );
    expect(registration.read(body, '2019')).toMatchObject({ maker: 'ACME1', model: 'CAM-7', deviceId: 'X12' });
  });
});

describe('registration response', () => {
  it('gives the code when all is well', () => {
    for (const version of bothVersions)
      expectBody(registrationReply, version, '0007 00 4B455931', { replySerial: 7, result: 0, authCode: 'KEY1' });
  });

  it('gives none otherwise', () => {
    for (const version of bothVersions)
      expectBody(registrationReply, version, '0007 04', { replySerial: 7, result: 4, authCode: '' });
    expect(hex(registrationReply.write({ replySerial: 7, result: 1, authCode: 'KEY1' }, '2013'))).toBe('000701');
  });
});
