import { describe, expect, it } from 'vitest';
import type { UploadPhase } from '../../../electron/contract.ts';
import { UploadRoom } from '../../../electron/record/uploads/upload-room.ts';

const megabyte = 1_000_000;
const coming = (phase: UploadPhase, expected: number, came: number) => ({
  ...{ phase, bytes: came * megabyte, order: { expectedBytes: expected * megabyte } },
  isOver: phase === 'done' || phase === 'failed' || phase === 'cancelled',
});

function room(freeMb: number | 'unknown', recordHeadroomMb = 100): UploadRoom {
  return new UploadRoom({
    settings: { recordHeadroomMb },
    freeBytes: async () => {
      if (freeMb === 'unknown') throw new Error('no such file system call');
      return freeMb * megabyte;
    },
  });
}

describe('the room for uploads', () => {
  it('is what is free beyond the headroom, to the byte', async () => {
    expect(await room(150).refusal(50 * megabyte, [])).toBeUndefined();
    const refusal = await room(150).refusal(50 * megabyte + 1, []);
    expect(refusal).toMatchObject({ ok: false, code: 'uploadNoRoom' });
    expect(refusal?.message).toMatch(/: 1 MB short$/);
  });

  it('is taken by what others still bring, and not by what is over or paused', async () => {
    const others = [coming('transferring', 40, 10), coming('asked', 20, 0), coming('accepted', 0, 0)];
    expect(await room(200).refusal(50 * megabyte, others)).toBeUndefined();
    expect(await room(199).refusal(50 * megabyte, others)).toMatchObject({ code: 'uploadNoRoom' });
    const still = [coming('paused', 500, 0), coming('done', 500, 499), coming('failed', 500, 0)];
    expect(await room(150).refusal(50 * megabyte, still)).toBeUndefined();
  });

  it('is believed to be there when the disk does not say', async () => {
    expect(await room('unknown').refusal(megabyte, [])).toBeUndefined();
    expect(await room('unknown').overtaken([coming('transferring', 10, 1)])).toEqual([]);
  });

  it('is watched while something comes', async () => {
    const running = coming('transferring', 10, 1);
    const all = [running, coming('paused', 10, 1), coming('accepted', 10, 0)];
    expect(await room(99).overtaken(all)).toEqual([running]);
    expect(await room(100).overtaken(all)).toEqual([]);
    expect(await room(1).overtaken([coming('done', 1, 1)])).toEqual([]);
  });
});
