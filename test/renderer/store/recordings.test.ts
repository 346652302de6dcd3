import { describe, expect, it } from 'vitest';
import type { RecordingRow } from '../../../electron/contract.ts';
import { applyRecordings, createRecordingsStore, RecordingFigures } from '../../../renderer/store/recordings.ts';

const row = (over: Partial<RecordingRow> = {}): RecordingRow => ({
  ...{ vehicleId: '7', channel: 2, stream: 'main', id: 'a', causes: ['manual'], phase: 'recording' },
  ...{ startedAt: 5, bytes: 10, frames: 1, lastFrameAt: 6 },
  ...over,
});

describe('recordings', () => {
  const first = applyRecordings(createRecordingsStore().getState(), { recordings: [row()] }, true);

  it('keep what a tile shows, by camera', () => {
    expect(first.rows.get('7/2')).toEqual({ id: 'a', phase: 'recording', causes: ['manual'], startedAt: 5 });
  });

  it('do not change for counters', () => {
    const next = applyRecordings(first, { recordings: [row({ bytes: 99, frames: 9 })] }, false);
    expect(next.rows.get('7/2')).toBe(first.rows.get('7/2'));
    const figures = new RecordingFigures();
    figures.apply({ recordings: [row({ bytes: 99 })] }, false);
    expect(figures.of('a')?.bytes).toBe(99);
  });

  it('end, but not for the end of another of the same camera', () => {
    expect(applyRecordings(first, { recordings: [row({ id: 'b', phase: 'stopped' })] }, false).rows.size).toBe(1);
    expect(applyRecordings(first, { recordings: [row({ phase: 'stopped' })] }, false).rows.size).toBe(0);
  });

  it('say which sound they do not have', () => {
    const withSound = (isKept: boolean) =>
      applyRecordings(first, { recordings: [row({ sound: { codec: 'AMR', isKept } })] }, false).rows.get('7/2');
    expect(withSound(false)?.lostSound).toBe('AMR');
    expect(withSound(true)).toBe(first.rows.get('7/2'));
  });

  it('say why they fail, and start over with a connection', () => {
    const failing = row({ phase: 'failing', error: { code: 'diskFull', message: '' } });
    expect(applyRecordings(first, { recordings: [failing] }, false).rows.get('7/2')?.error).toBe('diskFull');
    expect(applyRecordings(first, {}, true).rows.size).toBe(0);
    expect(applyRecordings(first, { health: undefined as never }, false)).toBe(first);
  });
});
