import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Notice } from '../../electron/contract.ts';

/** A notice with how often it came in a row. */
export interface NoticeEntry extends Notice {
  times: number;
}

export interface Notices {
  /** Newest first. */
  entries: readonly NoticeEntry[];
  /** Warnings and errors that came while the rail was closed. */
  unseen: number;
}

export type NoticesStore = StoreApi<Notices>;

export const noticeCeiling = 200;
/** Repeats within this many ms are one entry with a count. */
const repeatWindowMs = 10 * 60_000;

export function createNoticesStore(): NoticesStore {
  return createStore<Notices>()(() => ({ entries: [], unseen: 0 }));
}

function sameMatter(a: Notice, b: Notice): boolean {
  return a.text === b.text && JSON.stringify(a.params) === JSON.stringify(b.params);
}

/** Adds what is new (ids already seen are left alone, so that a reconnect repeats nothing). */
export function applyNotices(state: Notices, notices: readonly Notice[], railOpen: boolean): Notices {
  const seen = new Set(state.entries.map(entry => entry.id));
  const fresh = notices.filter(notice => !seen.has(notice.id)).sort((a, b) => a.at - b.at);
  if (fresh.length === 0) return state;
  let entries = [...state.entries];
  let unseen = state.unseen;
  for (const notice of fresh) {
    const at = entries.findIndex(entry => sameMatter(entry, notice) && notice.at - entry.at < repeatWindowMs);
    const times = at >= 0 ? entries[at]!.times + 1 : 1;
    if (at >= 0) entries.splice(at, 1);
    entries = [{ ...notice, times }, ...entries];
    if (!railOpen && notice.level !== 'info') unseen++;
  }
  return { entries: entries.slice(0, noticeCeiling), unseen };
}
