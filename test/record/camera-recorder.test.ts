import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/frames/frame.ts';
import { nalType } from '../../electron/frames/nal.ts';
import { nalUnits } from '../../electron/record/nal-units.ts';
import { annexB, deltaFrame, keyFrame, spsCif, spsD1 } from '../hub/hand-made.ts';
import { recordedClip } from '../live/clip.ts';
import { decode, h265Stream, hasFfmpeg, probePackets } from './probe.ts';
import { camera, RecordingBench, startOf } from './recording-bench.ts';

const h265 = hasFfmpeg ? h265Stream(60) : Buffer.alloc(0);
const benches: RecordingBench[] = [];

async function open(...args: Parameters<typeof RecordingBench.open>): Promise<RecordingBench> {
  const bench = await RecordingBench.open(...args);
  benches.push(bench);
  return bench;
}

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** Frames of a real clip, `stepMs` apart, their device clock counting from anywhere. */
function clipFrames(count: number, from: number, stepMs: number, ptsFrom = 630_671_952_942): Frame[] {
  return recordedClip(count).map((unit, index) => ({
    key: unit.key,
    codec: 'h264',
    payloadType: 98,
    ptsMs: ptsFrom + index * stepMs,
    deviceMs: BigInt(ptsFrom + index * stepMs),
    receivedAt: from + index * stepMs,
    data: unit.data,
  }));
}

/** Every picture of this stream is one slice, and a delimiter begins each unit. */
function h265Frames(from: number): Frame[] {
  const units: Uint8Array[][] = [];
  for (const unit of nalUnits(h265)) {
    if (nalType(unit[0]!, 'h265') === 35) units.push([]);
    units.at(-1)?.push(unit);
  }
  return units.map((unit, index) => ({
    key: unit.some(nal => nalType(nal[0]!, 'h265') === 33),
    codec: 'h265',
    payloadType: 99,
    ptsMs: index * 40,
    deviceMs: BigInt(index * 40),
    receivedAt: from + index * 40,
    data: annexB(...unit),
  }));
}

/** A key frame of `sps` every second and three frames between. */
function handMade(from: number, seconds: number, ptsShift = 0, sps = spsCif): Frame[] {
  const frames: Frame[] = [];
  for (let ms = 0; ms < seconds * 1000; ms += 250) {
    const make = ms % 1000 === 0 ? keyFrame : deltaFrame;
    const frame = make({ receivedAt: from + ms, sps });
    frames.push({ ...frame, ptsMs: from + ms + ptsShift });
  }
  return frames;
}

function playAll(bench: RecordingBench, frames: readonly Frame[], width = 352, height = 288): void {
  for (const [index, frame] of frames.entries())
    bench.play(frame, index === 0 ? startOf(frame, width, height) : undefined);
}

describe('a recorded camera', () => {
  it('names the file so that a person finds it, and says how far it reaches', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 4));
    await bench.idle();
    const writing = bench.ledger.segments[0]!.segment.file;
    expect(writing).toMatch(/^\d{4}-\d\d-\d\d\/京A-12345_13800138000\/京A-12345_1_\d{8}-\d{6}_recording\.mp4$/u);
    expect(statSync(join(bench.folder, writing)).size).toBeGreaterThan(0);
    bench.recorder.release(camera, 'manual');
    await bench.recorder.close();
    const { segment, end, fragments } = bench.ledger.segments[0]!;
    expect(end).toMatchObject({ frames: 16, state: 'complete', to: from + 4000 });
    expect(basename(end!.file)).toMatch(/^京A-12345_1_\d{8}-\d{6}_\d{8}-\d{6}\.mp4$/u);
    expect(readdirSync(dirname(bench.path(0)))).toEqual([basename(end!.file)]);
    expect(segment).toMatchObject({ from, width: 352, height: 288, mime: 'video/mp4; codecs="avc1.42001e"' });
    expect(fragments.map(row => [row.at - from, row.mediaMs, row.durationMs, row.frames])).toEqual([
      [0, 0, 1000, 4],
      [1000, 1000, 1000, 4],
      [2000, 2000, 1000, 4],
      [3000, 3000, 1000, 4],
    ]);
  });

  it('lists fragments where the file has them', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(bench.clock.now(), 5));
    await bench.recorder.close();
    const bytes = readFileSync(bench.path(0));
    const { segment, fragments, end } = bench.ledger.segments[0]!;
    let at = segment.initBytes;
    for (const row of fragments) {
      expect(row.offset).toBe(at);
      expect(bytes.toString('latin1', at + 4, at + 8)).toBe('moof');
      at += row.bytes;
    }
    expect(at).toBe(bytes.length);
    expect(end!.bytes).toBe(bytes.length);
  });

  it('puts a group of pictures of ten seconds on disk every second, as one run', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    const frames = handMade(from, 10).map((frame, index) =>
      index > 0 ? deltaFrame({ receivedAt: frame.receivedAt }) : frame,
    );
    const sizes: number[] = [];
    for (const [index, frame] of frames.entries()) {
      bench.play(frame, index === 0 ? startOf(frame, 352, 288) : undefined);
      if (index % 8 !== 7) continue;
      await bench.idle();
      sizes.push(bench.ledger.segments[0]?.fragments[0]?.frames ?? 0);
    }
    expect(bench.ledger.segments[0]!.fragments).toHaveLength(1);
    expect(sizes).toEqual([4, 12, 20, 28, 36]);
  });

  it('begins a file with every five minutes of the clock', async () => {
    const bench = await open();
    const from = Math.ceil(bench.clock.now() / 300_000) * 300_000 - 2500;
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 8));
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.from - from, end!.to - from, end!.frames])).toEqual(
      [
        [0, 3000, 12],
        [3000, 8000, 20],
      ],
    );
    expect(bench.ledger.gaps.filter(gap => gap.from >= from)).toEqual([]);
  });

  it('begins a file with another SPS', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 2));
    playAll(bench, handMade(from + 2000, 2, 0, spsD1), 704, 576);
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.width, end!.frames])).toEqual([
      [352, 8],
      [704, 8],
    ]);
  });

  it('keeps both files when two begin in one second', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    for (const [index, sps] of [spsCif, spsD1, spsCif].entries()) {
      const frame = keyFrame({ receivedAt: from + index * 100, sps });
      bench.play(frame, startOf(frame, 352, 288));
    }
    await bench.recorder.close();
    const files = bench.ledger.segments.map(({ end }) => end!.file);
    expect(new Set(files).size).toBe(3);
    for (const index of files.keys())
      expect(statSync(bench.path(index)).size).toBe(bench.ledger.segments[index]!.end!.bytes);
  });

  it('tells a gap with its cause, and goes on in the same file after a short one', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 2));
    for (const watcher of bench.watchers()) watcher.gap(5, 'loss');
    bench.play(deltaFrame({ receivedAt: from + 2500 }));
    playAll(bench, handMade(from + 4000, 2));
    await bench.recorder.close();
    expect(bench.ledger.gaps).toEqual([{ from: from + 2000, to: from + 4000, cause: 'loss' }]);
    expect(bench.ledger.segments.map(({ end }) => end!.frames)).toEqual([16]);
    expect(bench.ledger.segments[0]!.fragments.map(row => row.mediaMs)).toEqual([0, 1000, 4000, 5000]);
    expect(bench.tally.get('record.noKeyFrame')).toBe(1);
  });

  it('begins a file when a source returns that counts from elsewhere', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 2, 7_000_000));
    for (const watcher of bench.watchers()) watcher.gap(0, 'sourceChanged');
    playAll(bench, handMade(from + 2000, 2, -50_000));
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.from - from, end!.frames])).toEqual([
      [0, 8],
      [2000, 8],
    ]);
    expect(bench.ledger.segments[1]!.fragments[0]!.mediaMs).toBe(0);
  });

  it('loses no frame to a clock that is set back an hour, and mixes no times', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, handMade(from, 2));
    const later = handMade(from + 2000, 3).map(frame => ({ ...frame, receivedAt: frame.receivedAt - 3_600_000 }));
    for (const frame of later) bench.play(frame);
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.from - from, end!.frames])).toEqual([
      [0, 8],
      [2000 - 3_600_000, 12],
    ]);
  });

  it('keeps the times of frames that come at once after a stall', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    const stalled = handMade(from, 10).map(frame => {
      const ms = frame.receivedAt - from;
      return ms >= 2000 && ms < 8000 ? { ...frame, receivedAt: from + 8000 } : frame;
    });
    playAll(bench, stalled);
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ end }) => end!.frames)).toEqual([40]);
    expect(bench.ledger.segments[0]!.fragments.map(row => row.at - from)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(second => second * 1000),
    );
    expect(bench.ledger.gaps).toEqual([]);
  });

  it('says that an hour is missing when the clock is set forward within a group of pictures', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    const hour = 3_600_000;
    const frames = handMade(from, 5);
    playAll(bench, frames.slice(0, 6));
    const before = bench.clock.now.bind(bench.clock);
    bench.clock.now = () => before() + hour;
    for (const frame of frames.slice(6)) bench.play({ ...frame, receivedAt: frame.receivedAt + hour });
    await bench.recorder.close();
    expect(bench.ledger.segments.map(({ segment, end }) => [segment.from - from, end!.to - from, end!.frames])).toEqual(
      [
        [0, 2000, 8],
        [2000 + hour, 5000 + hour, 12],
      ],
    );
    expect(bench.ledger.gaps).toEqual([{ from: from + 2000, to: from + 2000 + hour, cause: 'clock' }]);
  });

  it('keeps the vehicle away as a gap that grows', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'always');
    for (const watcher of bench.watchers())
      watcher.status({ phase: 'offline' } as Parameters<typeof watcher.status>[0]);
    bench.clock.pass(60_000);
    expect(bench.ledger.gaps).toEqual([{ from, to: from + 60_000, cause: 'offline' }]);
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'waiting', frames: 0, causes: ['always'] });
  });

  it('writes what waits when frames stop', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    bench.play(keyFrame({ receivedAt: from }), startOf(keyFrame(), 352, 288));
    bench.clock.pass(1500);
    await bench.idle();
    expect(bench.ledger.segments[0]?.fragments[0]?.frames).toBe(1);
  });

  it('gives frames with one device time times that grow', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(
      bench,
      handMade(from, 3).map(frame => ({ ...frame, ptsMs: 0 })),
    );
    await bench.recorder.close();
    const frames = bench.ledger.segments.reduce((sum, { end }) => sum + end!.frames, 0);
    expect(frames).toBe(12);
  });

  it('says a codec that fits no MP4, and records when one comes that does', async () => {
    const bench = await open();
    const from = bench.clock.now();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, [keyFrame({ receivedAt: from, codec: 'avs' })]);
    bench.clock.pass(2000);
    await bench.idle();
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'failing', error: { code: 'undecodable' } });
    expect(bench.recorder.fault).toBeUndefined();
    playAll(bench, handMade(bench.clock.now() + 2000, 3));
    await bench.idle();
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'recording', frames: 8 });
  });
});

describe.skipIf(!hasFfmpeg)('a recorded file, read by ffmpeg (skipped where it is not installed)', () => {
  it('has every frame at its device time and decodes without complaint', async () => {
    const bench = await open();
    const frames = clipFrames(120, bench.clock.now(), 66);
    bench.recorder.hold(camera, 'manual');
    playAll(bench, frames);
    await bench.recorder.close();
    const packets = probePackets(bench.path(0));
    expect(packets.map(packet => packet.pts)).toEqual(frames.map((_, index) => index * 66));
    expect(packets.map(packet => packet.key)).toEqual(frames.map(frame => frame.key));
    expect(decode(bench.path(0))).toEqual({ frames: 120, complaints: '' });
  });

  it.skipIf(h265.length === 0)('takes H.265 as it was sent (skipped without libx265)', async () => {
    const bench = await open();
    const frames = h265Frames(bench.clock.now());
    bench.recorder.hold(camera, 'manual');
    playAll(bench, frames, 320, 240);
    await bench.recorder.close();
    expect(bench.ledger.segments[0]!.segment.mime).toMatch(/^video\/mp4; codecs="h[ve][vc]1\.1\.6\.L/);
    expect(probePackets(bench.path(0)).map(packet => packet.key)).toEqual(frames.map(frame => frame.key));
    expect(decode(bench.path(0))).toEqual({ frames: 60, complaints: '' });
  });

  it('plays up to the last fragment when it is cut at any byte', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    playAll(bench, clipFrames(60, bench.clock.now(), 66));
    await bench.idle();
    const { segment, fragments } = bench.ledger.segments[0]!;
    const path = join(bench.folder, segment.file);
    const onDisk = fragments.reduce((sum, row) => sum + row.frames, 0);
    expect(onDisk).toBeGreaterThan(0);
    expect(decode(path)).toEqual({ frames: onDisk, complaints: '' });
  });
});
