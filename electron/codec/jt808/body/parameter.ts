import { Cursor } from '../../cursor.ts';
import { decodeText, encodeText } from '../../text.ts';
import { Writer } from '../../writer.ts';
import type { ParameterLayout } from './parameter-layout.ts';
import { parameterTypes } from './parameter-type.ts';
import { type VideoParameterValues, videoParameters } from './video-parameter.ts';

/** Parameter id → value: 808-2013 table 12 with the additions of 808-2019, and 1078-2016 table 2. */
export type ParameterValues = {
  [Id in keyof typeof parameterTypes]: SimpleValues[(typeof parameterTypes)[Id]['type']];
} & VideoParameterValues;
export type ParameterId = keyof ParameterValues;

/** One that was understood has `value`; one that was not, or whose length does not fit its id, is kept as it came. */
export type Parameter =
  | { [Id in ParameterId]: { id: Id; value: ParameterValues[Id] } }[ParameterId]
  | { id: number; raw: Uint8Array };

interface SimpleValues {
  DWORD: number;
  WORD: number;
  BYTE: number;
  STRING: string;
  'BYTE[4]': Uint8Array;
  'BYTE[8]': Uint8Array;
}

const byteArray = (width: number): ParameterLayout<Uint8Array> => ({
  fits: raw => raw.length === width,
  read: cursor => cursor.bytes(width).slice(),
  write: (writer, value) => writer.exactly(value, width),
});

const simpleLayouts: { readonly [Type in keyof SimpleValues]: ParameterLayout<SimpleValues[Type]> } = {
  DWORD: {
    fits: raw => raw.length === 4,
    read: cursor => cursor.u32(),
    write: (writer, value) => writer.u32(value),
  },
  WORD: {
    fits: raw => raw.length === 2,
    read: cursor => cursor.u16(),
    write: (writer, value) => writer.u16(value),
  },
  BYTE: {
    fits: raw => raw.length === 1,
    read: cursor => cursor.u8(),
    write: (writer, value) => writer.u8(value),
  },
  STRING: {
    fits: () => true,
    read: cursor => decodeText(cursor.rest()),
    write: (writer, value) => writer.bytes(encodeText(value)),
  },
  'BYTE[4]': byteArray(4),
  'BYTE[8]': byteArray(8),
};

const layoutById = new Map<number, ParameterLayout>([
  ...Object.entries(parameterTypes).map(([id, row]): [number, ParameterLayout] => [
    Number(id),
    simpleLayouts[row.type],
  ]),
  ...Object.entries(videoParameters).map(([id, layout]): [number, ParameterLayout] => [Number(id), layout]),
]);

/**
 * | 0 | parameter id | DWORD |
 * | 4 | length n | BYTE |
 * | 5 | value | BYTE[n] |
 *
 * Stops before a parameter that runs over the end: its bytes stay unread.
 */
export function readParameters(cursor: Cursor): Parameter[] {
  const parameters: Parameter[] = [];
  while (cursor.left >= 5 && cursor.left >= 5 + (cursor.ahead()[4] as number)) {
    const id = cursor.u32();
    const raw = cursor.bytes(cursor.u8());
    parameters.push(understood(id, raw) ?? { id, raw: raw.slice() });
  }
  return parameters;
}

function understood(id: number, raw: Uint8Array): Parameter | undefined {
  const layout = layoutById.get(id);
  return layout?.fits(raw) ? ({ id, value: layout.read(new Cursor(raw)) } as Parameter) : undefined;
}

/** @throws RangeError for a value that does not fit, or a parameter over 255 bytes */
export function writeParameters(writer: Writer, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) {
    const value = 'raw' in parameter ? parameter.raw : encodeParameter(parameter.id, parameter.value);
    writer.u32(parameter.id).u8(value.length).bytes(value);
  }
}

function encodeParameter(id: number, value: unknown): Uint8Array {
  const writer = new Writer(32);
  layoutById.get(id)?.write(writer, value);
  return writer.finish();
}
