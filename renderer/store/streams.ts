import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Delta, StreamKind, StreamPhase, StreamRow } from '../../electron/contract.ts';

/** One running stream as the lists show it: its state, none of its counters. */
export interface RunningStream {
  vehicleId: string;
  channel: number;
  stream: StreamKind;
  phase: StreamPhase;
  subscribers: number;
}

export interface Streams {
  rows: ReadonlyMap<string, RunningStream>;
}

export type StreamsStore = StoreApi<Streams>;

export function createStreamsStore(): StreamsStore {
  return createStore<Streams>()(() => ({ rows: new Map() }));
}

/** Rows whose state did not change keep their identity; a delta of counters alone changes nothing here. */
export function applyStreams(streams: Streams, delta: Delta, whole: boolean): Streams {
  if (!whole && !delta.streams?.length) return streams;
  const rows = new Map(whole ? [] : streams.rows);
  let changed = whole;
  for (const row of delta.streams ?? []) changed = applyRow(rows, row) || changed;
  return changed ? { rows } : streams;
}

function applyRow(rows: Map<string, RunningStream>, row: StreamRow): boolean {
  const name = `${row.vehicleId}/${row.channel}/${row.stream}`;
  if (row.status.phase === 'closed') return rows.delete(name);
  const before = rows.get(name);
  if (before && before.phase === row.status.phase && before.subscribers === row.subscribers) return false;
  const { vehicleId, channel, stream, subscribers } = row;
  rows.set(name, { vehicleId, channel, stream, phase: row.status.phase, subscribers });
  return true;
}
