import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diskFiles, type RecordingFiles } from '../../electron/record/recording-files.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { camera, RecordingBench, startOf } from './recording-bench.ts';

const benches: RecordingBench[] = [];

async function open(...args: Parameters<typeof RecordingBench.open>): Promise<RecordingBench> {
  const bench = await RecordingBench.open(...args);
  benches.push(bench);
  return bench;
}

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** Seconds of a stream with a key frame each; the disk gets its turn after every one. */
async function play(bench: RecordingBench, seconds: number, bytes = 40): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    const at = bench.clock.now() + 250;
    const key = keyFrame({ receivedAt: at, bytes });
    bench.play(key, startOf(key, 352, 288));
    for (let ms = 250; ms < 1000; ms += 250) bench.play(deltaFrame({ receivedAt: at + ms }));
    await bench.idle(200);
  }
}

/** The machine's disk, with a fault that a test turns on: a code, or `stuck` (nothing returns until it is turned off). */
class FaultyFiles {
  fault: 'ENOSPC' | 'EROFS' | 'stuck' | undefined;
  free: number | undefined;
  #waiting: (() => void)[] = [];

  readonly files: RecordingFiles = {
    ...diskFiles,
    freeBytes: async path => this.free ?? (await diskFiles.freeBytes(path)),
    create: async path => {
      await this.#pass();
      const file = await diskFiles.create(path);
      return {
        ...file,
        append: async bytes => {
          await this.#pass();
          await file.append(bytes);
        },
      };
    },
  };

  mend(): void {
    this.fault = undefined;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #pass(): Promise<void> {
    if (this.fault === 'stuck') await new Promise<void>(resolve => this.#waiting.push(resolve));
    else if (this.fault) throw Object.assign(new Error(`made up: ${this.fault}`), { code: this.fault });
  }
}

describe('the recorder', () => {
  it('keeps one recording however many causes hold it, until the last has gone', async () => {
    const bench = await open();
    const held = bench.recorder.hold(camera, 'manual');
    expect(bench.recorder.hold(camera, 'alarm')).toMatchObject({ value: { causes: ['manual', 'alarm'] } });
    expect(bench.watchers()).toHaveLength(1);
    const id = held.ok ? held.value.id : '';
    expect(bench.recorder.stop(id)).toMatchObject({ value: { causes: ['alarm'], phase: 'waiting' } });
    expect(bench.recorder.release(camera, 'alarm')).toMatchObject({ causes: [], phase: 'stopped' });
    expect(bench.watchers()).toHaveLength(0);
    expect(bench.recorder.stop(id)).toMatchObject({ ok: false, code: 'unknownRecording' });
  });

  it('refuses a vehicle that nobody knows', async () => {
    const bench = await open();
    const refused = bench.recorder.hold({ ...camera, vehicleId: '1' }, 'manual');
    expect(refused).toMatchObject({ ok: false, code: 'unknownTerminal' });
  });

  it('tells its figures as they grow, and the last word when it stops', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 4);
    bench.recorder.release(camera, 'manual');
    await bench.recorder.close();
    const phases = bench.rows.map(row => row.phase);
    expect(phases[0]).toBe('waiting');
    expect(phases).toContain('recording');
    expect(bench.rows.at(-1)).toMatchObject({ phase: 'stopped', frames: 16, bytes: statSync(bench.path(0)).size });
  });

  it('begins before its cause with what the ring holds, and has no frame twice', async () => {
    const bench = await open();
    bench.recorder.arm(camera);
    const from = bench.clock.now() + 250;
    await play(bench, 6);
    const cached = deltaFrame({ receivedAt: bench.clock.now() });
    bench.play(cached);
    bench.recorder.hold(camera, 'alarm', from + 2500);
    bench.watchers().at(-1)!.frame(cached, true);
    await play(bench, 1);
    await bench.recorder.close();
    const { segment, end } = bench.ledger.segments[0]!;
    expect(segment.from).toBe(from + 2000);
    expect(end!.frames).toBe(4 * 4 + 1 + 4);
  });

  it('subscribes again when the feed under a recording ends', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    const first = bench.watchers();
    bench.subscribers.clear();
    for (const watcher of first) watcher.end('internal', 'made up');
    bench.clock.pass(3000);
    expect(bench.watchers()).toHaveLength(1);
  });
});

describe('a disk that fails', () => {
  it('full: is said within 5 s, what is on disk stays playable, and recording resumes by itself', async () => {
    const disk = new FaultyFiles();
    const bench = await open(disk.files);
    bench.recorder.hold(camera, 'manual');
    await play(bench, 3);
    disk.fault = 'ENOSPC';
    disk.free = 0;
    const since = bench.clock.now();
    await play(bench, 4);
    expect(bench.recorder.fault).toMatchObject({ code: 'diskFull' });
    expect(bench.recorder.fault!.since - since).toBeLessThanOrEqual(5000);
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'failing', error: { code: 'diskFull' } });
    const { end } = bench.ledger.segments[0]!;
    expect(end!.state).toBe('mended');
    expect(statSync(bench.path(0)).size).toBe(end!.bytes);
    disk.free = undefined;
    disk.mend();
    await play(bench, 20);
    expect(bench.recorder.fault).toBeUndefined();
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'recording' });
    expect(bench.ledger.segments).toHaveLength(2);
    const gap = bench.ledger.gaps.find(({ cause }) => cause === 'disk')!;
    expect(gap.from).toBe(end!.to);
    expect(gap.to).toBe(bench.ledger.segments[1]!.segment.from);
  });

  it('slow: is said, memory stays bounded, and the frames that were dropped are counted', async () => {
    const disk = new FaultyFiles();
    const bench = await open(disk.files, { recordQueueBytes: 1_000_000 });
    bench.recorder.hold(camera, 'manual');
    await play(bench, 2);
    disk.fault = 'stuck';
    await play(bench, 10, 300_000);
    expect(bench.recorder.fault).toMatchObject({ code: 'diskSlow' });
    expect(bench.tally.get('record.diskBehindFrames')).toBeGreaterThanOrEqual(20);
    disk.mend();
    await play(bench, 8);
    expect(bench.recorder.fault).toBeUndefined();
    expect(bench.ledger.gaps.map(({ cause }) => cause)).toContain('disk');
    await bench.recorder.close();
    const onDisk = bench.ledger.segments.reduce((sum, { end }) => sum + end!.frames, 0);
    expect(onDisk + bench.tally.get('record.diskBehindFrames') + bench.tally.get('record.noKeyFrame')).toBe(20 * 4);
  });

  it('folder gone: is said within 5 s, and made again where it was', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 2);
    rmSync(bench.folder, { recursive: true });
    const since = bench.clock.now();
    await play(bench, 3);
    expect(bench.faults[0]).toMatchObject({ code: 'folderGone' });
    expect(bench.faults[0]!.since - since).toBeLessThanOrEqual(5000);
    await play(bench, 6);
    expect(bench.recorder.fault).toBeUndefined();
    await bench.recorder.close();
    expect(existsSync(bench.path(bench.ledger.segments.length - 1))).toBe(true);
  });

  it('folder away: nothing is written elsewhere until it is back', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await play(bench, 2);
    const away = `${dirname(bench.folder)}.away`;
    renameSync(dirname(bench.folder), away);
    await play(bench, 6);
    expect(bench.recorder.fault).toMatchObject({ code: 'folderGone' });
    expect(existsSync(bench.folder)).toBe(false);
    renameSync(away, dirname(bench.folder));
    await play(bench, 15);
    expect(bench.recorder.fault).toBeUndefined();
    expect(bench.recorder.rows()[0]).toMatchObject({ phase: 'recording' });
  });

  it.skipIf(process.getuid?.() === 0)('no permission: is said (skipped as root, who may write anywhere)', async () => {
    const bench = await open();
    chmodSync(bench.folder, 0o500);
    bench.recorder.hold(camera, 'manual');
    await play(bench, 3);
    expect(bench.recorder.fault).toMatchObject({ code: 'diskUnwritable' });
    chmodSync(bench.folder, 0o700);
    await play(bench, 8);
    expect(bench.recorder.fault).toBeUndefined();
  });

  it('read-only: is said, and not of a recorder that has nothing to write', async () => {
    const disk = new FaultyFiles();
    const bench = await open(disk.files);
    disk.fault = 'EROFS';
    bench.recorder.hold(camera, 'manual');
    await play(bench, 3);
    expect(bench.recorder.fault).toMatchObject({ code: 'diskUnwritable' });
    bench.recorder.release(camera, 'manual');
    bench.clock.pass(4000);
    await bench.idle(200);
    expect(bench.recorder.fault).toBeUndefined();
  });
});

describe('the folder on disk', () => {
  it('has no file of a recording that never had a frame on disk', async () => {
    const bench = await open();
    bench.recorder.hold(camera, 'manual');
    await bench.recorder.close();
    expect(bench.ledger.segments).toEqual([]);
    expect(existsSync(join(bench.folder, 'anything'))).toBe(false);
    expect(statSync(bench.folder).isDirectory()).toBe(true);
  });
});
