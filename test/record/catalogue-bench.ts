import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CameraKey, ErrorCode, FragmentRow } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { Catalogue } from '../../electron/record/catalogue.ts';
import { Coverage } from '../../electron/record/coverage.ts';
import type { OpenedSegment } from '../../electron/record/segment-ledger.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';

export const bus: CameraKey = { vehicleId: '13912345678', channel: 1, stream: 'main' };

/** A catalogue in a folder of its own, with a clock that is moved by hand. */
export class CatalogueBench {
  readonly clock = new ManualClock();
  readonly tally = new Tally();
  readonly dir = mkdtempSync(join(tmpdir(), 'convoy-catalogue-'));
  readonly folder = join(this.dir, 'recordings');
  readonly faults: ({ code: ErrorCode } | undefined)[] = [];
  catalogue: Catalogue;
  coverage: Coverage;

  constructor() {
    mkdirSync(this.folder);
    this.catalogue = this.#open();
    this.coverage = new Coverage(this.catalogue);
  }

  get path(): string {
    return join(this.dir, 'catalogue.db');
  }

  reopen(): void {
    this.catalogue.close();
    this.open();
  }

  open(): void {
    this.catalogue = this.#open();
    this.coverage = new Coverage(this.catalogue);
  }

  close(): void {
    this.catalogue.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A finished segment of one fragment, with a file of `bytes` bytes on disk. */
  footage(from: number, to: number, camera: CameraKey = bus, bytes = 1000): number {
    const file = `2026-11-23/${camera.vehicleId}/${camera.channel}${camera.stream}_${from}.mp4`;
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.alloc(bytes));
    const id = this.catalogue.opened(opened({ ...camera, from, file }));
    this.catalogue.fragment(id, fragment(from, { durationMs: to - from, bytes: bytes - 100 }));
    this.catalogue.closed(id, { to, bytes, frames: 10, file, state: 'complete' });
    return id;
  }

  #open(): Catalogue {
    const { path, clock, tally } = this;
    return Catalogue.open({ path, clock, tally, log: silentLog, faultChanged: fault => this.faults.push(fault) });
  }
}

export function opened(change: Partial<OpenedSegment> = {}): OpenedSegment {
  return {
    ...bus,
    headerId: '013912345678',
    plate: '沪A·D7261',
    from: 1000,
    codec: 'h264',
    width: 704,
    height: 576,
    hasAudio: false,
    file: 'day/bus/file_recording.mp4',
    initBytes: 100,
    mime: 'video/mp4; codecs="avc1.42c01e"',
    ...change,
  };
}

export function fragment(at: number, change: Partial<FragmentRow> = {}): FragmentRow {
  return { at, mediaMs: 0, durationMs: 2000, offset: 100, bytes: 900, frames: 50, ...change };
}
