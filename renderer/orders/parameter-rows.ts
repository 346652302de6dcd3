import type { ParameterValue } from '../../electron/contract.ts';
import type { FieldName, VideoParameterId } from './parameter-fields.ts';

/** The length of a parameter is one byte: 3 bytes of counts and 4 for each channel of 0x0076, 1 and 21 each for 0x0077. */
const mostChannels = 63;
const mostSettings = 12;

/** One list of rows within a parameter. */
export interface RowList {
  /** Where it is; empty: the parameter itself. */
  readonly path: readonly string[];
  readonly name: Extract<FieldName, 'rowsAudioVideo' | 'rowsAudio' | 'rowsVideo' | 'rowsSingle'>;
  readonly count: number;
  /** One more fits. */
  readonly hasRoom: boolean;
}

const tableLists = [
  { list: 'audioVideo', name: 'rowsAudioVideo', kind: 0 },
  { list: 'audio', name: 'rowsAudio', kind: 1 },
  { list: 'video', name: 'rowsVideo', kind: 2 },
] as const;

const encoding = { mode: 1, resolution: 3, keyFrameInterval: 50, frameRate: 25 };
/** For the first channel with settings of its own: D1, 25 frames a second. */
const firstSettings = {
  live: { ...encoding, bitRate: 512 },
  storage: { ...encoding, bitRate: 1024 },
  captions: 0b111,
};

/** None for parameters that are no tables. */
export function rowListsOf(id: VideoParameterId, value: ParameterValue): RowList[] {
  if (id === 0x77) {
    const count = rowsAt(value, []).length;
    return [{ path: [], name: 'rowsSingle', count, hasRoom: count < mostSettings }];
  }
  if (id !== 0x76) return [];
  const all = tableLists.reduce((sum, { list }) => sum + rowsAt(value, [list]).length, 0);
  return tableLists.map(({ list, name }) => ({
    ...{ path: [list], name, count: rowsAt(value, [list]).length },
    hasRoom: all < mostChannels,
  }));
}

/** A copy with one row more at the end of a list: of a channel that has none yet, and else like the row before it. */
export function withRow(id: VideoParameterId, value: ParameterValue, { path }: RowList): ParameterValue {
  const rows = rowsAt(value, path);
  if (id === 0x77) {
    const last = rows.at(-1);
    const like = isRow(last) ? structuredClone(last) : firstSettings;
    return [...rows, { ...like, channel: free(rows, 'channel') }];
  }
  const all = tableLists.flatMap(({ list }) => rowsAt(value, [list]));
  const kind = tableLists.find(({ list }) => list === path[0])?.kind ?? 0;
  const row = { physical: free(all, 'physical'), logical: free(all, 'logical'), kind, panTilt: 0 };
  return withRows(value, path, [...rows, row]);
}

/** A copy without the row at `at`. */
export function withoutRow(value: ParameterValue, { path }: RowList, at: number): ParameterValue {
  return withRows(
    value,
    path,
    rowsAt(value, path).filter((_, index) => index !== at),
  );
}

function rowsAt(value: ParameterValue, path: readonly string[]): ParameterValue[] {
  const [step] = path;
  const rows = step === undefined ? value : isRow(value) ? value[step] : undefined;
  return Array.isArray(rows) ? rows : [];
}

function withRows(value: ParameterValue, [step]: readonly string[], rows: ParameterValue[]): ParameterValue {
  if (step === undefined) return rows;
  return isRow(value) ? { ...value, [step]: rows } : value;
}

/** The least number from 1 that no row has; 255 when every one is taken. */
function free(rows: readonly ParameterValue[], field: string): number {
  const taken = new Set(rows.map(row => (isRow(row) ? row[field] : undefined)));
  let number = 1;
  while (number < 255 && taken.has(number)) number++;
  return number;
}

function isRow(value: ParameterValue | undefined): value is { [field: string]: ParameterValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
