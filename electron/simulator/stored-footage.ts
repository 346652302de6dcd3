import {
  type Resource,
  type ResourceQuery,
  resourceMedia,
  resourceStorage,
  resourceStream,
} from '../codec/jt808/body/resource-list.ts';

const minuteMs = 60_000;
/** A terminal cuts its files by the clock. */
export const fileMs = 5 * minuteMs;
const keptMs = 24 * 60 * minuteMs;
/** It stands half an hour of four, and records nothing. */
const restFiles = 6;
const roundFiles = 48;
/** Of a file of the main stream, give or take a fifth. */
const fileBytes = 30_000_000;
/** One file of so many was made for an alarm (0x0200 bit 0: emergency). */
const alarmEvery = 41;

/** What lies on a simulated terminal's disk: the last day of every camera, in files of five minutes, but for its rests. */
export class StoredFootage {
  readonly #now: () => number;
  readonly #channels: number;
  readonly #seed: number;

  /** @param now ms since 1970 @param seed decides when it rested, and sizes */
  constructor(now: () => number, channels: number, seed: number) {
    this.#now = now;
    this.#channels = channels;
    this.#seed = seed;
  }

  /** Answer to 0x9205, oldest first, camera by camera. */
  find(query: ResourceQuery): Resource[] {
    const { channel, start, end, media, stream, storage, alarms, videoAlarms } = query;
    if (media === resourceMedia.audio || stream === resourceStream.sub || storage === resourceStorage.backup) return [];
    const found: Resource[] = [];
    for (let each = 1; each <= this.#channels; each++)
      for (const from of channel === 0 || channel === each ? this.#files(start, end) : []) {
        const file = this.#resource(each, from);
        if (alarms === 0 && videoAlarms === 0) found.push(file);
        else if (file.alarms & alarms) found.push(file);
      }
    return found;
  }

  /** True when there is a picture of that moment. */
  holds(at: number): boolean {
    return this.#isFile(Math.floor(at / fileMs));
  }

  /** The next moment there is a picture of, at or after `at`. */
  nextFrom(at: number): number | undefined {
    for (let file = Math.floor(at / fileMs); file * fileMs < this.#now(); file++)
      if (this.#isFile(file)) return Math.max(at, file * fileMs);
    return undefined;
  }

  #files(start: number, end: number): number[] {
    const first = Math.floor(Math.max(start, this.#now() - keptMs) / fileMs);
    const last = Math.ceil((end || this.#now()) / fileMs);
    const found: number[] = [];
    for (let file = first; file < last; file++) if (this.#isFile(file)) found.push(file * fileMs);
    return found;
  }

  /** The file that is being written is not among them. */
  #isFile(file: number): boolean {
    const now = this.#now();
    if ((file + 1) * fileMs > now || file * fileMs < now - keptMs - fileMs) return false;
    return (file + this.#seed) % roundFiles >= restFiles;
  }

  #resource(channel: number, from: number): Resource {
    const mark = (Math.imul(from / fileMs + channel * 7919 + this.#seed, 2654435761) >>> 8) & 0xffff;
    return {
      channel,
      start: from,
      end: from + fileMs,
      alarms: (from / fileMs) % alarmEvery === 0 ? 1 : 0,
      videoAlarms: 0,
      media: resourceMedia.audioVideo,
      stream: resourceStream.main,
      storage: resourceStorage.main,
      bytes: Math.round(fileBytes * (0.8 + (0.4 * mark) / 0xffff)),
    };
  }
}
