import { digitsToBytes } from '../../bcd.ts';
import { hexDigits } from '../../terminal-id.ts';
import { defineMessage } from '../message-entry.ts';

export interface CanFrame {
  /** Bits 0 to 28 the CAN id, 29 sampled (0) or averaged (1), 30 extended frame, 31 channel 1 (0) or 2 (1). */
  id: number;
  /** 8 bytes. */
  data: Uint8Array;
}

export interface CanData {
  /** hhmmss and milliseconds of the first frame, ten digits, GMT+8. */
  time: string;
  frames: CanFrame[];
}

const frameLength = 12;

/**
 * 808-2013 §8.50.
 *
 * | 0 | how many, n | WORD |
 * | 2 | time | BCD[5] |
 * | 7 | n times: id DWORD, data BYTE[8] | |
 *
 * What is there leads, not the count.
 */
export const canData = defineMessage<0x0705, CanData>({
  id: 0x0705,
  name: 'CAN bus data upload',
  direction: 'up',
  editions: ['808-2013', '808-2019'],

  read(cursor) {
    cursor.u16();
    const time = hexDigits(cursor.bytes(5));
    const frames: CanFrame[] = [];
    while (cursor.left >= frameLength) frames.push({ id: cursor.u32(), data: cursor.bytes(8).slice() });
    return { time, frames };
  },

  write(writer, value) {
    writer.u16(value.frames.length).bytes(digitsToBytes(value.time, 5));
    for (const { id, data } of value.frames) writer.u32(id).exactly(data, 8);
  },
});
