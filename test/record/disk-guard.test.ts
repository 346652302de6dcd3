import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConvoyError } from '../../electron/errors.ts';
import { silentLog } from '../../electron/log.ts';
import { checkMs, DiskGuard } from '../../electron/record/disk-guard.ts';
import { diskError, diskFiles, type RecordingFiles } from '../../electron/record/recording-files.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { settle } from './recording-bench.ts';

/** A disk made of a few numbers: the folder's file system (0: it is gone), the one above it, and what is free. */
class PaperDisk {
  device = 7;
  above = 7;
  free = 1 << 30;
  made = 0;
  isStuck = false;
  wanted = true;
  lag = 0;
  changes = 0;
  readonly clock = new ManualClock();
  readonly guard: DiskGuard;

  constructor() {
    const unused = (): Promise<never> => Promise.reject(new Error('unused'));
    const files: RecordingFiles = {
      makeFolder: async () => {
        this.made++;
        this.device ||= this.above;
      },
      create: unused,
      rename: unused,
      remove: unused,
      exists: unused,
      device: async path => {
        const device = path.endsWith('recordings') ? this.device : this.above;
        if (device === 0) throw Object.assign(new Error('made up'), { code: 'ENOENT' });
        return device;
      },
      freeBytes: () => (this.isStuck ? new Promise(() => undefined) : Promise.resolve(this.free)),
    };
    this.guard = new DiskGuard({
      folder: '/disk/recordings',
      files,
      clock: this.clock,
      tally: new Tally(),
      log: silentLog,
      lag: () => this.lag,
      isWanted: () => this.wanted,
      changed: () => {
        this.changes++;
      },
    });
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= checkMs) {
      this.clock.pass(Math.min(left, checkMs));
      await settle(2);
    }
  }
}

async function open(): Promise<PaperDisk> {
  const disk = new PaperDisk();
  await disk.guard.open();
  return disk;
}

describe('DiskGuard', () => {
  it('knows what is free', async () => {
    const disk = await open();
    disk.free = 12345;
    await disk.pass(checkMs);
    expect([disk.guard.freeBytes, disk.guard.fault, disk.guard.mayTry]).toEqual([12345, undefined, true]);
  });

  it('does not make the folder again on a disk that is not its own', async () => {
    const disk = await open();
    disk.device = 0;
    disk.above = 3;
    await disk.pass(10_000);
    expect(disk.guard.fault).toMatchObject({ code: 'folderGone' });
    expect([disk.made, disk.guard.mayTry, disk.changes]).toEqual([1, false, 1]);
    disk.device = 7;
    await disk.pass(checkMs);
    expect([disk.guard.fault, disk.guard.mayTry]).toEqual([undefined, true]);
  });

  it('takes an empty mount point for what it is, also for a writer that is quicker than the next look', async () => {
    const disk = await open();
    disk.device = 3;
    await expect(disk.guard.confirm()).rejects.toMatchObject({ code: 'folderGone' });
    await disk.pass(checkMs);
    expect(disk.guard.fault).toMatchObject({ code: 'folderGone' });
  });

  it('counts a full disk as full until there is room', async () => {
    const disk = await open();
    disk.free = 0;
    disk.guard.failed(new ConvoyError('diskFull'));
    await disk.pass(4000);
    expect(disk.guard.mayTry).toBe(false);
    disk.free = 1 << 30;
    await disk.pass(checkMs);
    expect([disk.guard.mayTry, disk.guard.fault?.code]).toEqual([true, 'diskFull']);
    disk.guard.wrote();
    expect(disk.guard.fault).toBeUndefined();
  });

  it('says a disk that answers nothing within 5 s', async () => {
    const disk = await open();
    disk.isStuck = true;
    await disk.pass(5000 + checkMs);
    expect(disk.guard.fault).toMatchObject({ code: 'diskSlow' });
    expect(disk.guard.fault!.since - disk.clock.now()).toBeLessThanOrEqual(0);
  });

  it('says a write that waits, and takes it back when none does', async () => {
    const disk = await open();
    disk.lag = 3500;
    await disk.pass(checkMs);
    expect(disk.guard.fault).toMatchObject({ code: 'diskSlow' });
    disk.lag = 0;
    await disk.pass(checkMs);
    expect([disk.guard.fault, disk.changes]).toEqual([undefined, 2]);
  });

  it('keeps the time at which trouble began while its name changes', async () => {
    const disk = await open();
    disk.guard.failed(new ConvoyError('diskUnwritable'));
    const since = disk.guard.fault!.since;
    disk.clock.pass(1000);
    disk.guard.failed(new ConvoyError('diskFull'));
    expect(disk.guard.fault).toMatchObject({ code: 'diskFull', since });
  });
});

describe('diskError', () => {
  it.each([
    ['ENOSPC', 'diskFull'],
    ['EDQUOT', 'diskFull'],
    ['ENOENT', 'folderGone'],
    ['EACCES', 'diskUnwritable'],
    ['EROFS', 'diskUnwritable'],
    ['EIO', 'diskUnwritable'],
  ])('%s is %s', (code, name) => {
    expect(diskError(Object.assign(new Error('made up'), { code }))).toMatchObject({ code: name });
  });
});

describe('the machine’s own disk', () => {
  it('takes a file in the folder’s place for the folder being gone, and makes the folder again when that is away', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'convoy-guard-'));
    const folder = join(parent, 'recordings');
    mkdirSync(folder);
    const guard = new DiskGuard({
      ...{ folder, files: diskFiles, clock: new ManualClock(), tally: new Tally(), log: silentLog },
      ...{ lag: () => 0, isWanted: () => true, changed: () => undefined },
    });
    await guard.open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in its place');
    await guard.check();
    expect(guard.fault).toMatchObject({ code: 'folderGone' });
    await expect(guard.confirm()).rejects.toMatchObject({ code: 'folderGone' });
    rmSync(folder);
    await guard.check();
    expect([guard.fault, statSync(folder).isDirectory()]).toEqual([undefined, true]);
    guard.close();
    rmSync(parent, { recursive: true });
  });
});
