import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import { defineEmptyMessage, defineMessage } from '../message-entry.ts';
import { type Parameter, readParameters, writeParameters } from './parameter.ts';

export interface ParameterList {
  parameters: Parameter[];
}
export interface ParameterReply extends ParameterList {
  /** Serial of the query. */
  replySerial: number;
}
export interface ParameterQuery {
  ids: number[];
}

/**
 * 808-2013 §8.9.
 *
 * | 0 | how many | BYTE |
 * | 1 | parameters | see parameter.ts |
 */
export const setParameters = defineMessage<0x8103, ParameterList>({
  id: 0x8103,
  name: 'Set terminal parameters',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019', '1078-2016'],
  read: cursor => ({ parameters: readCounted(cursor) }),
  write: (writer, value) => writeCounted(writer, value.parameters),
});

/** 808-2013 §8.10. No body. */
export const queryParameters = defineEmptyMessage({
  id: 0x8104,
  name: 'Query terminal parameters',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],
});

/**
 * 808-2013 §8.11.
 *
 * | 0 | how many, n | BYTE |
 * | 1 | parameter ids | DWORD[n] |
 */
export const queryGivenParameters = defineMessage<0x8106, ParameterQuery>({
  id: 0x8106,
  name: 'Query specified terminal parameters',
  direction: 'down',
  editions: ['808-2013', '808-2019'],
  read(cursor) {
    const ids: number[] = [];
    for (let count = cursor.u8(); count > 0; count--) ids.push(cursor.u32());
    return { ids };
  },
  write(writer, value) {
    writer.u8(value.ids.length);
    for (const id of value.ids) writer.u32(id);
  },
});

/**
 * 808-2013 §8.12.
 *
 * | 0 | serial of the query | WORD |
 * | 2 | how many | BYTE |
 * | 3 | parameters | see parameter.ts |
 */
export const parameterReply = defineMessage<0x0104, ParameterReply>({
  id: 0x0104,
  name: 'Query terminal parameters response',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019', '1078-2016'],
  read: cursor => ({ replySerial: cursor.u16(), parameters: readCounted(cursor) }),
  write(writer, value) {
    writer.u16(value.replySerial);
    writeCounted(writer, value.parameters);
  },
});

/** The count is not relied upon: devices send more or fewer than they announce. The lengths lead. */
function readCounted(cursor: Cursor): Parameter[] {
  cursor.u8();
  return readParameters(cursor);
}

function writeCounted(writer: Writer, parameters: readonly Parameter[]): void {
  writer.u8(parameters.length);
  writeParameters(writer, parameters);
}
