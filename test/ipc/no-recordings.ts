import { fail } from '../../electron/errors.ts';
import type { RecordingBackers } from '../../electron/ipc/server-desk.ts';

/** A desk that records nothing and has nothing. */
export function noRecordings(change: Partial<RecordingBackers> = {}): RecordingBackers {
  const refuse = () => fail('catalogueUnavailable');
  return {
    calls: {
      'record.start': () => fail('unknownTerminal'),
      'record.stop': ({ id }) => fail('unknownRecording', id),
      'record.list': () => ({ ok: true, value: [] }),
      'record.plans': () => ({ ok: true, value: [] }),
      'record.setPlan': refuse,
      'record.removePlan': refuse,
      'recorder.state': refuse,
      'rewind.coverage': () => ({ ok: true, value: [] }),
      'archive.month': refuse,
      'archive.coverage': refuse,
      'archive.fragments': refuse,
      'archive.track': refuse,
      'bookmark.add': refuse,
      'bookmark.update': refuse,
      'bookmark.remove': refuse,
      'bookmark.list': refuse,
      'export.start': refuse,
      'export.cancel': refuse,
      'export.list': () => ({ ok: true, value: [] }),
    },
    rows: () => [],
    state: () => ({
      folder: '',
      phase: 'well',
      active: 0,
      usedBytes: 0,
      quotaBytes: 0,
      freeBytes: 0,
      bytesPerDay: 0,
      daysLeft: null,
      oldestAt: 0,
    }),
    exports: () => [],
    exportFile: async () => fail('unknownExport'),
    segments: refuse,
    segmentFile: async () => refuse(),
    watch: () => () => undefined,
    ...change,
  };
}
