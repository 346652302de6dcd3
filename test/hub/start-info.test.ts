import { describe, expect, it } from 'vitest';
import { startInfo } from '../../electron/hub/start-info.ts';
import { bareKeyFrame, keyFrame, parameterUnit, pps, spsCif, spsD1 } from './hand-made.ts';

describe('startInfo', () => {
  it('reads sets and size from the key frame', () => {
    expect(startInfo(keyFrame(), [], undefined)).toEqual({
      codec: 'h264',
      parameterSets: [spsCif, pps],
      width: 352,
      height: 288,
    });
  });

  it('reads them from the unit before the key frame', () => {
    const info = startInfo(bareKeyFrame(), [parameterUnit({ sps: spsD1 })], undefined);
    expect(info.parameterSets).toEqual([spsD1, pps]);
    expect([info.width, info.height]).toEqual([704, 576]);
  });

  it('is the same object while the sets are the same, or absent', () => {
    const first = startInfo(keyFrame(), [], undefined);
    expect(startInfo(keyFrame(), [], first)).toBe(first);
    expect(startInfo(bareKeyFrame(), [], first)).toBe(first);
  });

  it('is another one when the sets change', () => {
    const first = startInfo(keyFrame(), [], undefined);
    const second = startInfo(keyFrame({ sps: spsD1 }), [], first);
    expect(second).not.toBe(first);
    expect(second.width).toBe(704);
  });

  it('holds copies of exactly their size', () => {
    for (const set of startInfo(keyFrame(), [], undefined).parameterSets)
      expect(set.byteLength).toBe(set.buffer.byteLength);
  });

  it('knows no size for a codec that it does not read', () => {
    expect(startInfo(bareKeyFrame({ codec: 'avs' }), [], undefined)).toEqual({
      codec: 'avs',
      parameterSets: [],
      width: 0,
      height: 0,
    });
  });
});
