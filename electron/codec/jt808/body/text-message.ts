import { decodeText, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

/**
 * Bits of `flags`, 808-2013. 808-2019 reads bits 0 and 1 together as a kind: 1 service, 2 urgent, 3 notice; bit 4
 * is reserved there. Bit 5: 0 navigation of the centre, 1 fault codes of the CAN.
 */
export const textFlag = { urgent: 0x01, display: 0x04, speak: 0x08, advertisingScreen: 0x10, canFault: 0x20 } as const;

/** Values of bits 0 and 1 of `flags` in 808-2019. */
export const textKind2019 = { service: 1, urgent: 2, notice: 3 } as const;

/** 808-2019 alone. */
export const textType = { notice: 1, service: 2 } as const;

/** Longest text in bytes of GBK. */
export const maxTextBytes = 1024;

export interface TextMessage {
  /** Bits of `textFlag`. */
  flags: number;
  /** One of `textType`: in the 2019 layout alone, `notice` when it is left out. */
  type?: number;
  text: string;
}

/**
 * 808-2013 §8.23; 808-2019 adds the type.
 *
 * | 0 | flags | BYTE |
 * | 1 | type | BYTE, 2019 alone |
 * | 1 or 2 | text | STRING |
 */
export const textMessage = defineMessage<0x8300, TextMessage>({
  id: 0x8300,
  name: 'Text information distribution',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],

  read: (cursor, version) => ({
    flags: cursor.u8(),
    ...(version === '2019' && { type: cursor.u8() }),
    text: decodeText(cursor.rest()),
  }),

  write(writer, value, version) {
    const text = encodeText(value.text);
    if (text.length > maxTextBytes) throw new RangeError(`${text.length} bytes of text, of ${maxTextBytes} at most`);
    writer.u8(value.flags);
    if (version === '2019') writer.u8(value.type ?? textType.notice);
    writer.bytes(text);
  },
});
