import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';

/** How the value of one parameter of 0x8103 and 0x0104 is read and written. */
export interface ParameterLayout<Value = unknown> {
  /** Whether these bytes are one in length and counts; what fits is read to its end without a short read. */
  fits(raw: Uint8Array): boolean;
  read(cursor: Cursor): Value;
  write(writer: Writer, value: Value): void;
}
