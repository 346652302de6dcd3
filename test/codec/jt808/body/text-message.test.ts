import { describe, expect, it } from 'vitest';
import { textFlag, textMessage, textType } from '../../../../electron/codec/jt808/body/text-message.ts';
import { hex } from '../../hex.ts';
import { expectBody } from '../expect-body.ts';

describe('0x8300', () => {
  it('of 2013 is flags and text', () => {
    expectBody(textMessage, '2013', '0D C7EBBFBFB1DF', {
      flags: textFlag.urgent | textFlag.display | textFlag.speak,
      text: '请靠边',
    });
  });

  it('of 2019 has a type between, a notice unless it is said', () => {
    expectBody(textMessage, '2019', '0C 02 C7EBBFBFB1DF', {
      flags: textFlag.display | textFlag.speak,
      type: textType.service,
      text: '请靠边',
    });
    expect(hex(textMessage.write({ flags: 8, text: 'A' }, '2019'))).toBe('080141');
    expect(hex(textMessage.write({ flags: 8, type: textType.service, text: 'A' }, '2013'))).toBe('0841');
  });

  it('is not written over 1024 bytes of GBK', () => {
    expect(textMessage.write({ flags: 0, text: '边'.repeat(512) }, '2013').length).toBe(1025);
    expect(() => textMessage.write({ flags: 0, text: '边'.repeat(513) }, '2013')).toThrow(RangeError);
  });
});
