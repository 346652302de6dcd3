import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import { defineMessage } from '../message-entry.ts';

/** 808-2013 tables 4 and 5; 4 only in 0x8001. */
export const replyResult = { ok: 0, failed: 1, badMessage: 2, unsupported: 3, alarmConfirmed: 4 } as const;

export interface GeneralReply {
  /** Serial of the message answered. */
  replySerial: number;
  /** Id of the message answered. */
  replyId: number;
  /** One of `replyResult`; devices send others. */
  result: number;
}

// | 0 | serial of the message answered | WORD |
// | 2 | its id | WORD |
// | 4 | result | BYTE |

function read(cursor: Cursor): GeneralReply {
  return { replySerial: cursor.u16(), replyId: cursor.u16(), result: cursor.u8() };
}

function write(writer: Writer, value: GeneralReply): void {
  writer.u16(value.replySerial).u16(value.replyId).u8(value.result);
}

/** 808-2013 §8.1. */
export const terminalGeneralReply = defineMessage({
  id: 0x0001,
  name: 'Terminal general response',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
  read,
  write,
});

/** 808-2013 §8.2. */
export const platformGeneralReply = defineMessage({
  id: 0x8001,
  name: 'Platform general response',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],
  read,
  write,
});
