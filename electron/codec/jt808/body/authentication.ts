import { decodePadded, decodeText, encodePadded, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

export interface Authentication {
  code: string;
  /** 2019 only, else ''. */
  imei: string;
  /** 2019 only, else ''. */
  softwareVersion: string;
}

/**
 * 808-2013 §8.8: the whole body is the code.
 * 808-2019:
 *
 * | 0 | length n of the code | BYTE |
 * | 1 | code | STRING |
 * | 1+n | IMEI | BYTE[15] |
 * | 16+n | software version | BYTE[20] |
 */
export const authentication = defineMessage<0x0102, Authentication>({
  id: 0x0102,
  name: 'Terminal authentication',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor, version) {
    if (version === '2013') return { code: decodeText(cursor.rest()), imei: '', softwareVersion: '' };
    return {
      code: decodeText(cursor.bytes(cursor.u8())),
      imei: decodePadded(cursor.bytes(15)),
      softwareVersion: decodePadded(cursor.bytes(20)),
    };
  },

  write(writer, value, version) {
    const code = encodeText(value.code);
    if (version === '2013') {
      writer.bytes(code);
      return;
    }
    writer
      .u8(code.length)
      .bytes(code)
      .bytes(encodePadded(value.imei, 15))
      .bytes(encodePadded(value.softwareVersion, 20));
  },
});
