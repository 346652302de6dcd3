import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import type { HeaderVersion } from '../frame.ts';
import { defineMessage } from '../message-entry.ts';

export interface PartsRequest {
  /** Serial of the first sub-package of the message. */
  firstSerial: number;
  /** Parts to be sent again, counted from 1. */
  indexes: number[];
}

// | 0 | serial of the first sub-package | WORD |
// | 2 | how many parts to send again, n | BYTE (2013), WORD (2019) |
// | 3 or 4 | their indexes, from 1 | WORD[n] |

/** An odd length can only be a BYTE count, an even one only a WORD count; the header's version is not asked. */
function read(cursor: Cursor): PartsRequest {
  const countIsByte = cursor.left % 2 === 1;
  const firstSerial = cursor.u16();
  const count = countIsByte ? cursor.u8() : cursor.u16();
  const indexes: number[] = [];
  while (indexes.length < count) indexes.push(cursor.u16());
  return { firstSerial, indexes };
}

function write(writer: Writer, value: PartsRequest, version: HeaderVersion): void {
  writer.u16(value.firstSerial);
  if (version === '2019') writer.u16(value.indexes.length);
  else writer.u8(value.indexes.length);
  for (const index of value.indexes) writer.u16(index);
}

/** 808-2019 §8.7: the terminal misses parts of a message of the platform's. */
export const terminalPartsRequest = defineMessage({
  id: 0x0005,
  name: 'Terminal request for retransmission of sub-packages',
  direction: 'up',
  editions: ['808-2019'],
  read,
  write,
});

/** 808-2013 §8.4, 808-2019 §8.6: the platform misses parts of a message of the terminal's. */
export const platformPartsRequest = defineMessage({
  id: 0x8003,
  name: 'Platform request for retransmission of sub-packages',
  direction: 'down',
  editions: ['808-2013', '808-2019'],
  read,
  write,
});
