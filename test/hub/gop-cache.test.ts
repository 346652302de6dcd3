import { describe, expect, it } from 'vitest';
import { GopCache } from '../../electron/hub/gop-cache.ts';
import { deltaFrame, keyFrame, parameterUnit } from './hand-made.ts';

const roomy = { gopFrames: 100, gopBytes: 100_000 };

describe('GopCache', () => {
  it('is empty until a key frame', () => {
    const gop = new GopCache(roomy);
    gop.add(deltaFrame(), []);
    expect(gop.frames).toEqual([]);
  });

  it('begins with the last key frame', () => {
    const gop = new GopCache(roomy);
    const frames = [keyFrame(), deltaFrame(), keyFrame(), deltaFrame(), deltaFrame()];
    for (const frame of frames) gop.add(frame, []);
    expect(gop.frames).toEqual(frames.slice(2));
    expect(gop.bytes).toBe(frames.slice(2).reduce((sum, frame) => sum + frame.data.byteLength, 0));
  });

  it('begins with the parameter sets that came before the key frame', () => {
    const gop = new GopCache(roomy);
    const unit = parameterUnit();
    const key = keyFrame();
    gop.add(deltaFrame(), []);
    gop.add(key, [unit]);
    expect(gop.frames).toEqual([unit, key]);
  });

  it('is given up when it holds too many frames, until the next key frame', () => {
    const gop = new GopCache({ ...roomy, gopFrames: 3 });
    for (const frame of [keyFrame(), deltaFrame(), deltaFrame()]) expect(gop.add(frame, [])).toBe(true);
    expect(gop.add(deltaFrame(), [])).toBe(false);
    expect(gop.add(deltaFrame(), [])).toBe(true);
    expect(gop.frames).toEqual([]);
    gop.add(keyFrame(), []);
    expect(gop.frames.length).toBe(1);
  });

  it('is given up when it holds too many bytes', () => {
    const gop = new GopCache({ ...roomy, gopBytes: 1000 });
    gop.add(keyFrame({ bytes: 600 }), []);
    expect(gop.add(deltaFrame({ bytes: 600 }), [])).toBe(false);
    expect(gop.bytes).toBe(0);
  });
});
