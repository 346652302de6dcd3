import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { adtsFrames, withoutAdts } from '../../electron/codec/audio/adts.ts';
import { decodeG711 } from '../../electron/codec/audio/g711.ts';
import { withoutHisiHeader } from '../../electron/codec/audio/hisi-header.ts';
import type { AudioPacket } from '../../electron/frames/frame.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { hasFfmpeg, probePackets } from './probe.ts';
import { camera, RecordingBench, settle, startOf } from './recording-bench.ts';

const benches: RecordingBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** 20 ms of A-law: silence, or a square wave of 500 Hz. */
function sound(ptsMs: number, receivedAt: number, isTone: boolean): AudioPacket {
  const data = Uint8Array.from({ length: 160 }, (_, at) => (isTone ? (at % 16 < 8 ? 0xaa : 0x2a) : 0xd5));
  return { payloadType: 6, ptsMs, receivedAt, data };
}

/** Milliseconds of the decoded sound at which it first is loud. */
function firstLoud(path: string): number {
  const options = ['-v', 'error', '-i', path, '-map', '0:a', '-f', 's16le', '-ac', '1', '-ar', '8000', '-'];
  const { stdout } = spawnSync('ffmpeg', options, { maxBuffer: 1 << 26 });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
  return samples.findIndex(sample => Math.abs(sample) > 4000) / 8;
}

/** Pictures four times a second and sound fifty times, for as long as `seconds`; the encoder gets its turn. */
async function play(
  bench: RecordingBench,
  seconds: number,
  hasSound: (ms: number) => boolean,
  toneFrom: number,
): Promise<void> {
  const from = bench.clock.now();
  let isEncoding = false;
  for (let ms = 0; ms < seconds * 1000; ms += 20) {
    const at = from + ms;
    if (hasSound(ms)) {
      for (const watcher of bench.watchers()) watcher.audio(sound(5000 + ms, at, ms >= toneFrom));
      // The encoder's thread takes its time to begin, and no more than five seconds of sound wait for it.
      if (!isEncoding) await settle(1500);
      isEncoding = true;
    }
    if (ms % 500 === 0) {
      const make = ms % 1000 === 0 ? keyFrame : deltaFrame;
      const frame = { ...make({ receivedAt: at }), ptsMs: 5000 + ms };
      bench.play(frame, frame.key ? startOf(frame, 352, 288) : undefined);
      await settle(50);
    }
  }
  await settle(500);
}

async function open(): Promise<RecordingBench> {
  const bench = await RecordingBench.open();
  benches.push(bench);
  return bench;
}

describe('G.711', () => {
  it('decodes the ends and the middle of both laws (tables 1a and 2a)', () => {
    expect([...decodeG711(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a), 'a')]).toEqual([8, -8, 32256, -32256]);
    expect([...decodeG711(Uint8Array.of(0xff, 0x7f, 0x80, 0x00), 'mu')]).toEqual([0, 0, 32124, -32124]);
  });

  it('leaves out the four bytes of HiSilicon, and nothing else', () => {
    expect(withoutHisiHeader(Uint8Array.of(0, 1, 2, 0, 9, 9, 9, 9))).toEqual(Uint8Array.of(9, 9, 9, 9));
    expect(withoutHisiHeader(Uint8Array.of(0, 1, 3, 0, 9, 9, 9, 9))).toHaveLength(8);
  });
});

describe('ADTS', () => {
  const frame = Uint8Array.of(0xff, 0xf1, 0x6c, 0x40, 0x01, 0x3f, 0xfc, 1, 2);

  it('gives the frames of a packet without their headers', () => {
    const found = adtsFrames(Uint8Array.from([...frame, ...frame]))!;
    expect(found.frames).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2)]);
    expect(found.track).toEqual({ sampleRate: 8000, channels: 1, description: Uint8Array.of(0x15, 0x88) });
  });

  it('refuses what is cut short, and leaves a bare frame as it is', () => {
    expect(adtsFrames(frame.subarray(0, 8))).toBeUndefined();
    expect(adtsFrames(Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(withoutAdts(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe.skipIf(!hasFfmpeg)('recorded sound, read by ffmpeg (skipped where it is not installed)', () => {
  it('is AAC beside its picture', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 8, () => true, 4000);
    await bench.recorder.close();
    expect(bench.tally.get('record.audioBehind')).toBe(0);
    const { segment } = bench.ledger.segments[0]!;
    expect(segment).toMatchObject({ hasAudio: true, mime: 'video/mp4; codecs="avc1.42001e, mp4a.40.2"' });
    const loud = firstLoud(bench.path(0));
    expect(loud).toBeGreaterThan(3900);
    expect(loud).toBeLessThan(4100);
    expect(probePackets(bench.path(0))).toHaveLength(16);
  });

  it('is in the first file when it comes a moment after its first picture', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 6, ms => ms >= 300, 3000);
    await bench.recorder.close();
    expect(bench.ledger.segments).toHaveLength(1);
    expect(bench.ledger.segments[0]!.segment.hasAudio).toBe(true);
    expect(readdirSync(dirname(bench.path(0)))).toHaveLength(1);
    // Its first sample belongs to 300 ms, less the 128 ms that an encoder needs to begin.
    const loud = 300 - 128 + firstLoud(bench.path(0));
    expect(loud).toBeGreaterThan(2900);
    expect(loud).toBeLessThan(3100);
    expect(probePackets(bench.path(0))).toHaveLength(12);
  });

  it('begins with the next key frame after the first sound, and is silence where none comes', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 12, ms => (ms > 1500 && ms < 4000) || ms > 9000, 9000);
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.hasAudio, end!.frames])).toEqual([
      [false, 4],
      [true, 20],
    ]);
    const loud = firstLoud(bench.path(1));
    expect(loud).toBeGreaterThan(6900);
    expect(loud).toBeLessThan(7300);
    const times = probePackets(bench.path(1), 'a:0').map(packet => packet.pts);
    const holes = times.slice(1).filter((time, at) => time - times[at]! > 1024 + 160);
    expect(holes).toEqual([]);
  });
});
