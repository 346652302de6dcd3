import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'basic-ftp';
import type { Clock } from '../clock.ts';
import {
  type FileUpload,
  type FileUploadControl,
  uploadCommand,
  uploadResult,
} from '../codec/jt808/body/file-upload.ts';
import type { Resource } from '../codec/jt808/body/resource-list.ts';
import type { Log } from '../log.ts';
import type { Faults } from './faults.ts';
import { framesPerSecond, type Scene } from './scene-shelf.ts';
import type { StoredFootage } from './stored-footage.ts';

export interface UploadDeskOptions {
  readonly clock: Clock;
  readonly faults: Readonly<Faults>;
  readonly footage: StoredFootage;
  readonly log: Log;
  scene(channel: number): Scene | undefined;
  /** 0x1206. */
  told(replySerial: number, result: number): void;
}

interface Run {
  readonly serial: number;
  readonly request: FileUpload;
  readonly client: Client;
  isPaused: boolean;
  isOver: boolean;
}

const ftpTimeoutMs = 60_000;
/** Pictures that are read at once; between two such a terminal's disk rests. */
const chunkFrames = framesPerSecond * 10;
const chunkPauseMs = 20;
const mostRuns = 4;
const chinaMs = 8 * 3_600_000;

/** How a simulated terminal brings its recordings to an FTP server (0x9206, 0x9207), one Annex-B file of each. */
export class UploadDesk {
  readonly #options: UploadDeskOptions;
  readonly #runs = new Map<number, Run>();

  constructor(options: UploadDeskOptions) {
    this.#options = options;
  }

  /** @returns what begins it; undefined when it is refused */
  prepare(request: FileUpload, serial: number, fallback: string): (() => void) | undefined {
    const { faults, footage } = this.#options;
    const scene = this.#options.scene(request.channel);
    const files = footage.find(request);
    if (faults.refusesUpload || !scene || files.length === 0 || this.#runs.size >= mostRuns) return undefined;
    // The same account again: the platform goes on with an upload that it lost sight of.
    for (const run of this.#runs.values()) if (run.request.user === request.user) this.#end(run);
    const run: Run = { serial, request, client: new Client(ftpTimeoutMs), isPaused: false, isOver: false };
    this.#runs.set(serial, run);
    return () => void this.#bring(run, scene, files, request.address || fallback);
  }

  /** @returns false when there is no such upload */
  control({ uploadSerial, command }: FileUploadControl): boolean {
    const run = this.#runs.get(uploadSerial);
    if (!run) return false;
    if (command === uploadCommand.cancel) this.#end(run);
    else run.isPaused = command === uploadCommand.pause;
    return true;
  }

  close(): void {
    for (const run of [...this.#runs.values()]) this.#end(run);
  }

  async #bring(run: Run, scene: Scene, files: readonly Resource[], host: string): Promise<void> {
    const { faults, told, log } = this.#options;
    const { client, request, serial } = run;
    try {
      const password = faults.wrongUploadPassword ? `x${request.password.slice(1)}` : request.password;
      await client.access({ host, port: request.port, user: request.user, password });
      if (request.path && request.path !== '/') await client.cd(request.path);
      for (const file of files) {
        const name = `${faults.uploadsOutside ? '../../' : ''}${nameOf(file)}`;
        const from = await client.size(name).catch(() => 0);
        await client.appendFrom(Readable.from(this.#bytes(run, scene, file, from)), name);
      }
      if (!run.isOver) told(serial, uploadResult.ok);
    } catch (thrown) {
      log.debug({ error: String(thrown) }, 'simulated upload ended');
      if (!run.isOver) told(serial, uploadResult.failed);
    }
    this.#end(run);
  }

  /** A file from a byte on: the clip of its camera over and over, as long as it was recorded. */
  async *#bytes(
    run: Run,
    scene: Scene,
    { channel, start, end }: Resource,
    skipped: number,
  ): AsyncGenerator<Uint8Array> {
    const { faults } = this.#options;
    const { frames, parameterSets } = scene.clip;
    const band = scene.captionBand();
    const count = Math.round(((end - start) / 1000) * framesPerSecond);
    let skip = skipped;
    for (let at = 0; at < count; at += chunkFrames) {
      const parts: Uint8Array[] = [];
      for (let index = at; index < Math.min(count, at + chunkFrames); index++) {
        const frame = frames[index % frames.length]!;
        if (frame.key) parts.push(parameterSets);
        const time = new Date(start + (index * 1000) / framesPerSecond + chinaMs).toISOString();
        const caption = `${time.slice(0, 19).replace('T', ' ')} CH${channel} DISK`;
        parts.push(frame.above, band.slice(frame.start, caption).slice(), frame.below);
      }
      const chunk = Buffer.concat(parts);
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      await sleep(chunkPauseMs);
      const isHalf = at >= count / 2;
      while (!run.isOver && (run.isPaused || (isHalf && faults.uploadNeverEnds))) await sleep(chunkPauseMs * 5);
      if (run.isOver) return;
      if (isHalf && faults.uploadStopsHalfWay) throw new Error('the disk is gone');
      yield chunk.subarray(skip);
      skip = 0;
    }
  }

  #end(run: Run): void {
    run.isOver = true;
    run.client.close();
    if (this.#runs.get(run.serial) === run) this.#runs.delete(run.serial);
  }
}

function nameOf({ channel, start }: Resource): string {
  return `CH${channel}_${new Date(start).toISOString().slice(0, 19).replace(/\D/g, '')}.h264`;
}
