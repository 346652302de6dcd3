import { Cursor } from '../cursor.ts';
import { Writer } from '../writer.ts';
import type { HeaderVersion } from './frame.ts';

/** up: terminal → platform; down: platform → terminal. */
export type Direction = 'up' | 'down';

/** Standards that define the message: editions of JT/T 808, or JT/T 1078-2016. */
export type Edition = '808-2011' | '808-2013' | '808-2019' | '1078-2016';

/** Order of the two halves of the alarm mask of 0x9205, 0x9206 and 0x1205, see body/alarm-mask.ts. */
export const alarmOrders = ['standard', 'wordsSwapped'] as const;
export type AlarmOrder = (typeof alarmOrders)[number];

/** Where makers read the standards differently and nothing in a message tells which way: a setting decides. */
export interface BodyDialect {
  readonly alarmOrder: AlarmOrder;
}

export const standardDialect: BodyDialect = { alarmOrder: 'standard' };

/** One message of the table: what its body says, both ways. Values own their bytes; nothing in them is a view. */
export interface MessageEntry<Id extends number = number, Value = unknown> {
  readonly id: Id;
  /** The standard's own title, in English. */
  readonly name: string;
  readonly direction: Direction;
  readonly editions: readonly Edition[];
  /** Bytes behind the last field are left unread: vendors append. @throws ShortRead */
  readFrom(cursor: Cursor, version: HeaderVersion, dialect: BodyDialect): Value;
  /** @throws ShortRead when the body is shorter than its fields */
  read(body: Uint8Array, version: HeaderVersion, dialect?: BodyDialect): Value;
  /** @throws RangeError when a value does not fit its field */
  write(value: Value, version: HeaderVersion, dialect?: BodyDialect): Uint8Array;
}

/** What a file under body/ says about its message. */
export interface MessageLayout<Id extends number, Value> {
  readonly id: Id;
  readonly name: string;
  readonly direction: Direction;
  readonly editions: readonly Edition[];
  read(cursor: Cursor, version: HeaderVersion, dialect: BodyDialect): Value;
  write(writer: Writer, value: Value, version: HeaderVersion, dialect: BodyDialect): void;
}

export function defineMessage<const Id extends number, Value>(
  layout: MessageLayout<Id, Value>,
): MessageEntry<Id, Value> {
  return {
    id: layout.id,
    name: layout.name,
    direction: layout.direction,
    editions: layout.editions,
    readFrom: layout.read,
    read: (body, version, dialect = standardDialect) => layout.read(new Cursor(body), version, dialect),
    write(value, version, dialect = standardDialect) {
      const writer = new Writer();
      layout.write(writer, value, version, dialect);
      return writer.finish();
    },
  };
}

/** A message without a body; its value is null. */
export function defineEmptyMessage<const Id extends number>(
  head: Omit<MessageLayout<Id, null>, 'read' | 'write'>,
): MessageEntry<Id, null> {
  return defineMessage<Id, null>({ ...head, read: () => null, write: () => undefined });
}
