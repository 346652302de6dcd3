import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Delta, ErrorCode, ExportJob, RecorderState, RecordingRow } from '../../electron/contract.ts';

/** One recording as a tile shows it: its state, none of its counters. */
export interface Recording {
  id: string;
  phase: RecordingRow['phase'];
  causes: readonly RecordingRow['causes'][number][];
  startedAt: number;
  error?: ErrorCode;
  /** Codec of sound that the camera sends and the files do not have. */
  lostSound?: string;
}

/** What is recorded, how the recorder fares, what is being exported. */
export interface Recordings {
  /** By `vehicleId/channel`; a camera whose two encodings are both recorded counts once. */
  rows: ReadonlyMap<string, Recording>;
  recorder?: RecorderState;
  exports: ReadonlyMap<string, ExportJob>;
}

export type RecordingsStore = StoreApi<Recordings>;

export function createRecordingsStore(): RecordingsStore {
  return createStore<Recordings>()(() => ({ rows: new Map(), exports: new Map() }));
}

/** Unchanged rows keep their identity; a delta of counters alone changes nothing here. */
export function applyRecordings(state: Recordings, delta: Delta, whole: boolean): Recordings {
  const { recordings, recorder, exports } = delta;
  if (!whole && !recordings?.length && !recorder && !exports?.length) return state;
  let { rows } = state;
  if (whole || recordings?.length) rows = withRows(whole ? new Map() : rows, recordings ?? []);
  const next: Recordings = { ...state, rows };
  if (recorder) next.recorder = recorder;
  if (whole || exports?.length) {
    const jobs = new Map(whole ? [] : state.exports);
    for (const job of exports ?? []) jobs.set(job.id, job);
    next.exports = jobs;
  }
  return next;
}

function withRows(rows: Recordings['rows'], changes: readonly RecordingRow[]): Recordings['rows'] {
  const next = new Map(rows);
  for (const row of changes) {
    const name = `${row.vehicleId}/${row.channel}`;
    const before = next.get(name);
    if (row.phase === 'stopped') {
      if (before?.id === row.id) next.delete(name);
      continue;
    }
    const { id, phase, causes, startedAt, error, sound } = row;
    const recording: Recording = {
      ...{ id, phase, causes, startedAt },
      ...(error && { error: error.code }),
      ...(sound && !sound.isKept && { lostSound: sound.codec }),
    };
    if (JSON.stringify(before) !== JSON.stringify(recording)) next.set(name, recording);
  }
  return next;
}

/** Counters of the recordings, read when they are drawn. */
export class RecordingFigures {
  readonly #rows = new Map<string, RecordingRow>();

  apply(delta: Delta, whole: boolean): void {
    if (whole) this.#rows.clear();
    for (const row of delta.recordings ?? []) {
      if (row.phase === 'stopped') this.#rows.delete(row.id);
      else this.#rows.set(row.id, row);
    }
  }

  of(id: string): RecordingRow | undefined {
    return this.#rows.get(id);
  }
}
