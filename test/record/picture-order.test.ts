import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aacFrameSamples, adtsFrames } from '../../electron/codec/audio/adts.ts';
import type { AudioPacket, Frame } from '../../electron/frames/frame.ts';
import { PictureOrder } from '../../electron/record/picture-order.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { bFrameClip } from './b-frame-clip.ts';
import { decode, hasFfmpeg, probePackets } from './probe.ts';
import { camera, RecordingBench, startOf } from './recording-bench.ts';

/** first_mb_in_slice 0 (`1`), slice_type 6, all B (`00111`), and the rest of the byte. */
const bSlice = Uint8Array.of(0, 0, 0, 1, 0x01, 0b1001_1111, 0xa5, 0xa5);
/** slice_type 5, all P (`00110`). */
const pSlice = Uint8Array.of(0, 0, 0, 1, 0x41, 0b1001_1011, 0xa5, 0xa5);

const at = (deviceMs: number, ptsMs: number, data?: Uint8Array): Frame => ({
  ...(data ? { ...deltaFrame(), data } : keyFrame()),
  deviceMs: BigInt(deviceMs),
  ptsMs,
});

describe('the order of pictures', () => {
  it('is that of their timestamps where B pictures go back', () => {
    const order = new PictureOrder();
    const sent = [at(1000, 0), at(1120, 120, pSlice), at(1040, 120, bSlice), at(1080, 120, bSlice)];
    expect(sent.map(frame => order.early(frame))).toEqual([0, 0, 80, 40]);
    expect(order.early(at(1240, 240, pSlice))).toBe(0);
  });

  it('is that of arrival where the clock of a camera without B pictures jitters, or is set', () => {
    const order = new PictureOrder();
    const sent = [at(1000, 0), at(1120, 120, pSlice), at(1040, 120, pSlice), at(1080, 120, pSlice)];
    expect(sent.map(frame => order.early(frame))).toEqual([0, 0, 0, 0]);
    expect(order.early(at(90_000, 160, bSlice))).toBe(0);
    expect(order.early(at(1000, 200, bSlice))).toBe(0);
  });

  it('is not looked for in what is cut short', () => {
    const order = new PictureOrder();
    order.early(at(1120, 120));
    for (let end = 0; end < bSlice.length; end++)
      expect([0, 80]).toContain(order.early(at(1040, 120, bSlice.subarray(0, end))));
  });
});

const soundRate = 8000;
const aac = 19;

/** A packet of ADTS for each AAC frame, from the first picture on. */
function aacPackets(seconds: number, frames: readonly Frame[]): AudioPacket[] {
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${soundRate}`, '-t', String(seconds)];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', ...tone, '-c:a', 'aac', '-f', 'adts', '-']);
  const [first] = frames;
  return adtsFrames(bytes)!.frames.map(({ byteOffset, byteLength }, n) => {
    const ms = Math.round((n * aacFrameSamples * 1000) / soundRate);
    const data = new Uint8Array(bytes.buffer, byteOffset - 7, byteLength + 7);
    return { payloadType: aac, ptsMs: first!.ptsMs + ms, receivedAt: first!.receivedAt + ms, data };
  });
}

describe.skipIf(!hasFfmpeg)('a camera that encodes with B pictures', () => {
  let bench: RecordingBench | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'b-frames-'));
  afterEach(async () => {
    await bench?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is recorded with the time at which each picture is shown, over fragments and files, and its sound with it', async () => {
    bench = await RecordingBench.open();
    // The border of five minutes lies at four seconds, and a key frame there.
    bench.clock.pass(4 * 60_000 - 4000);
    const frames = bFrameClip({ folder, seconds: 10, fps: 25, gopSeconds: 4, from: bench.clock.now() });
    expect(frames.some((frame, n) => n > 0 && frame.deviceMs < frames[n - 1]!.deviceMs)).toBe(true);
    bench.recorder.hold(camera, 'manual');
    const sounds = aacPackets(10, frames);
    for (const [n, frame] of frames.entries()) {
      while (sounds[0] && sounds[0].receivedAt <= frame.receivedAt) {
        const sound = sounds.shift()!;
        for (const watcher of bench.watchers()) watcher.audio(sound);
      }
      bench.play(frame, n === 0 ? startOf(frame, 320, 240) : undefined);
    }
    await bench.recorder.close();
    expect(bench.ledger.segments).toHaveLength(2);
    const sent = [frames.slice(0, 100), frames.slice(100)];
    for (const [n, part] of sent.entries()) {
      expect(decode(bench.path(n))).toEqual({ frames: part.length, complaints: '' });
      const base = Number(part[0]!.deviceMs);
      // Not later by what a picture is decoded too late: sound would not be.
      const shown = probePackets(bench.path(n)).map(packet => packet.pts);
      expect(shown).toEqual(part.map(frame => Number(frame.deviceMs) - base));
      const heard = probePackets(bench.path(n), 'a:0').map(packet => (packet.pts * 1000) / soundRate);
      expect(heard.length).toBeGreaterThan(25);
      const sinceFirst = base - Number(frames[0]!.deviceMs);
      const frameMs = (aacFrameSamples * 1000) / soundRate;
      const off = heard
        .map(ms => (ms + sinceFirst) / frameMs)
        .map(place => Math.abs(place - Math.round(place)) * frameMs);
      expect(Math.max(...off)).toBeLessThan(20);
      expect(bench.ledger.segments[n]!.end!.frames).toBe(part.length);
    }
  });
});
