import type { ErrorCode } from '../../../electron/contract.ts';
import { type FrameTrack, frameTimes, frameTrack } from './frame-times.ts';
import type { LaneMap } from './lane-map.ts';
import { fragmentAt, type PlacedFragment } from './placed-fragment.ts';
import type { SegmentMap, SegmentSource } from './segment-source.ts';
import { keepTrack, soleMime, type TrackKind, trackId } from './sole-track.ts';

/** Media time 0 lies this long (ms) before the first moment that was asked for: a day back needs no new start. */
const roomBeforeMs = 24 * 3_600_000;
/** From there on, this much media time (s) can be had. */
const mediaSpan = 7 * 86_400;
/** Loaded ahead of the clock, in seconds of watching and never less than so many of footage. */
const aheadMs = 6000;
/** Faster than this no more is loaded ahead: half a minute of watching at 64 times would be half an hour of footage. */
const fastest = 16;
const behindMs = 10_000;
/** Loaded behind the clock once what lies ahead is there, so that a step back has its picture. */
const stepBackMs = 1500;
/** Kept behind; what is older leaves memory. */
const keepBehindMs = 30_000;
const keepAheadMs = 60_000;
/** One request takes fragments that lie beside each other, up to so many bytes. */
const requestBytes = 1_500_000;
const retryMs = 2000;

interface Appended extends PlacedFragment {
  segment: number;
  /** Wall clock of each of its frames that is shown, oldest first. */
  times: readonly number[];
}

/** An element's MediaSource, filled around one moment with one kind of track of the fragments that have it. */
export class FragmentBuffer {
  /** What stands in the way of a picture. */
  trouble: ErrorCode | undefined;
  readonly #video: HTMLMediaElement;
  readonly #source: SegmentSource;
  readonly #kind: TrackKind;
  #media: MediaSource | undefined;
  #buffer: SourceBuffer | undefined;
  #address = '';
  #base = 0;
  #type = '';
  #initOf = -1;
  /** End of the bytes that were appended last: what follows there goes on, anything else begins at a key frame. */
  #tail = { segment: -1, end: -1 };
  #track: FrameTrack | undefined;
  #trackId: number | undefined;
  #appended: Appended[] = [];
  #busy = false;
  #again = false;
  #lane: LaneMap | undefined;
  #at = 0;
  /** Moment for which is loaded now. */
  #asked = 0;
  #rate = 1;
  #abort = new AbortController();
  #pauseUntil = 0;
  #closed = false;

  constructor(video: HTMLMediaElement, source: SegmentSource, kind: TrackKind = 'video') {
    this.#video = video;
    this.#source = source;
    this.#kind = kind;
  }

  /** Sees to it that the pictures around `at` are or will be there. */
  want(lane: LaneMap, at: number, rate: number): void {
    this.#lane = lane;
    this.#at = at;
    this.#rate = Math.min(fastest, rate);
    if (this.#busy) {
      this.#again = true;
      // What is on its way already is for about this moment: ended and asked for again at every picture it would never come.
      if (this.#far(at) && Math.abs(at - this.#asked) > aheadMs * Math.max(1, rate)) this.#abort.abort();
    } else if (performance.now() >= this.#pauseUntil) void this.#fill();
  }

  /** Media time (s) of a moment; undefined while its picture is not loaded. */
  timeOf(at: number): number | undefined {
    if (!this.#buffer) return undefined;
    const time = (at - this.#base) / 1000;
    const { buffered } = this.#buffer;
    for (let i = 0; i < buffered.length; i++)
      if (time >= buffered.start(i) - 0.001 && time < buffered.end(i)) return Math.max(time, buffered.start(i));
    if (this.#kind === 'audio') return undefined;
    // Between two files lies less than a frame or two; the picture before it stands until then.
    for (let i = 0; i < buffered.length; i++) {
      const until = buffered.start(i);
      if (time < until && until - time < 0.75) return until + 0.001;
    }
    return undefined;
  }

  /** Media time of the key frame that begins the fragment at a moment. */
  keyTimeOf(at: number): number | undefined {
    const fragment = this.#appended.find(each => at >= each.from && at < each.to);
    return fragment && (fragment.from - this.#base) / 1000 + 0.001;
  }

  wallOf(time: number): number {
    return this.#base + time * 1000;
  }

  neighbour(at: number, step: 1 | -1): number | undefined {
    const times = this.#appended.flatMap(each => each.times).sort((a, b) => a - b);
    // A frame is shown from its own time on; half a ms is the rounding of media time.
    // Before the first, the first is what stands on the screen.
    const now = Math.max(
      0,
      times.findLastIndex(time => time <= at + 0.5),
    );
    return times[now + step];
  }

  close(): void {
    this.#closed = true;
    this.#abort.abort();
    this.#drop();
  }

  #far(at: number): boolean {
    return !this.#appended.some(each => at > each.from - aheadMs && at < each.to + aheadMs);
  }

  async #fill(): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#again = false;
        this.#abort = new AbortController();
        if (await this.#fillOnce()) this.#again = true;
      } while (this.#again && !this.#closed);
    } catch (reason) {
      if (!this.#abort.signal.aborted) {
        this.trouble = reason instanceof DOMException && reason.name !== 'AbortError' ? 'undecodable' : 'socketError';
        this.#pauseUntil = performance.now() + retryMs;
        this.#drop();
      }
    } finally {
      this.#busy = false;
    }
  }

  /** One request's worth; true when more is wanted at once. */
  async #fillOnce(): Promise<boolean> {
    const lane = this.#lane;
    if (!lane || this.#closed) return false;
    const at = this.#at;
    this.#asked = at;
    if (!(await this.#ready(at))) return false;
    const until = at + aheadMs * Math.max(1, this.#rate);
    return (await this.#fillRange(lane, at, until)) || this.#fillRange(lane, at - stepBackMs, at);
  }

  async #fillRange(lane: LaneMap, from: number, until: number): Promise<boolean> {
    const at = this.#at;
    for (let moment = from; moment < until; ) {
      const row = lane.segmentAt(moment);
      if (!row) {
        const next = lane.nextStart(moment);
        if (next === undefined) return false;
        moment = next;
        continue;
      }
      const next = lane.segmentAfter(row)?.from ?? Number.POSITIVE_INFINITY;
      if (this.#kind === 'audio' && !row.hasAudio) {
        moment = Math.max(Math.min(row.to, next), moment + 1);
        continue;
      }
      const answer = await this.#source.map(row);
      if (!answer.ok) {
        if (moment === at) this.trouble = answer.code;
        this.#pauseUntil = performance.now() + retryMs / 4;
        return false;
      }
      const map = answer.value;
      const first = this.#firstMissing(map, Math.max(0, fragmentAt(map.fragments, moment)), Math.min(until, next));
      if (first < 0) {
        moment = Math.max(Math.min(row.to, next), moment + 1);
        continue;
      }
      if (this.timeOf(at) !== undefined) this.trouble = undefined;
      else if (moment > at && this.trouble) return false;
      return this.#load(map, first, until, next);
    }
    return false;
  }

  #firstMissing(map: SegmentMap, start: number, until: number): number {
    for (let i = start; i < map.fragments.length; i++) {
      const fragment = map.fragments[i]!;
      if (fragment.from >= until) return -1;
      const there = this.#there(map.id, fragment);
      // A run that is still written has more by now.
      if (!there || there.bytes < fragment.bytes) return i;
    }
    return -1;
  }

  #there(segment: number, { offset }: PlacedFragment): Appended | undefined {
    return this.#appended.find(each => each.segment === segment && each.offset === offset);
  }

  /** `next`: where the file after this one begins on the wall clock. */
  async #load(map: SegmentMap, first: number, until: number, next: number): Promise<boolean> {
    const { signal } = this.#abort;
    const mime = soleMime(map.mime, this.#kind);
    if (!mime || !MediaSource.isTypeSupported(mime)) {
      if (this.timeOf(this.#at) === undefined) this.trouble = 'undecodable';
      this.#pauseUntil = performance.now() + retryMs;
      return false;
    }
    const batch: PlacedFragment[] = [];
    let bytes = 0;
    for (let i = first; i < map.fragments.length; i++) {
      const fragment = map.fragments[i]!;
      const last = batch.at(-1);
      const beside = !last || last.offset + last.bytes === fragment.offset;
      if (!beside || fragment.from >= Math.min(until, next)) break;
      if (last && (bytes + fragment.bytes > requestBytes || last.offsetMs !== fragment.offsetMs)) break;
      batch.push(fragment);
      bytes += fragment.bytes;
      // The picture that is waited for comes alone, so that it comes soon.
      if (batch.length === 1 && fragment.to > this.#at && fragment.from <= this.#at) break;
    }
    const begin = batch[0]!;
    const skipped = this.#skip(map, begin);
    const [header, data] = await Promise.all([
      this.#initOf === map.id ? undefined : this.#source.init(map),
      this.#source.bytes(map, begin.offset + skipped, begin.offset + bytes, signal),
    ]);
    signal.throwIfAborted();
    if (!this.#buffer && !this.#addBuffer(mime)) return false;
    const buffer = this.#buffer!;
    if (header) {
      if (this.#type !== mime) buffer.changeType(mime);
      this.#type = mime;
      this.#initOf = map.id;
      this.#track = this.#kind === 'video' ? frameTrack(header) : undefined;
      this.#trackId = trackId(header, this.#kind);
      const init = header.slice(0);
      this.#keepTrack(init);
      await this.#append(init);
    }
    this.#keepTrack(data);
    const offset = (begin.offsetMs - this.#base) / 1000;
    if (buffer.timestampOffset !== offset) buffer.timestampOffset = offset;
    // Pictures beyond would push those of the next file out, and with a key frame all that follow it.
    const end = batch.at(-1)!.to <= next ? Number.POSITIVE_INFINITY : (next - this.#base) / 1000;
    if (buffer.appendWindowEnd !== end) buffer.appendWindowEnd = end;
    await this.#append(data);
    this.#tail = { segment: map.id, end: begin.offset + bytes };
    for (const fragment of batch) {
      const skip = fragment === begin ? skipped : 0;
      const own = new Uint8Array(data, fragment.offset + skip - begin.offset - skipped, fragment.bytes - skip);
      const added = frameTimes(own, this.#track).map(ms => ms + fragment.offsetMs);
      const before = this.#there(map.id, fragment);
      const all = skip > 0 && before ? [...before.times, ...added] : added;
      const times = all.filter(ms => ms < next).sort((a, b) => a - b);
      if (before) this.#appended.splice(this.#appended.indexOf(before), 1);
      this.#appended.push({ ...fragment, segment: map.id, times });
    }
    this.trouble = undefined;
    await this.#trim();
    return true;
  }

  /** Bytes of a run that are there already and can be gone on from; else it is loaded from its key frame again. */
  #skip(map: SegmentMap, begin: PlacedFragment): number {
    const there = this.#there(map.id, begin);
    if (!there || this.#initOf !== map.id) return 0;
    return this.#tail.segment === map.id && this.#tail.end === begin.offset + there.bytes ? there.bytes : 0;
  }

  async #ready(at: number): Promise<boolean> {
    const outside = at < this.#base || at > this.#base + mediaSpan * 1000;
    if (this.#media && !outside && !this.#video.error) return this.#media.readyState === 'open';
    this.#drop();
    this.#base = at - roomBeforeMs;
    const media = new MediaSource();
    this.#media = media;
    this.#address = URL.createObjectURL(media);
    const opened = new Promise<void>(resolve => media.addEventListener('sourceopen', () => resolve(), { once: true }));
    this.#video.src = this.#address;
    await opened;
    return media.readyState === 'open';
  }

  #addBuffer(mime: string): boolean {
    if (this.#media?.readyState !== 'open') return false;
    this.#buffer = this.#media.addSourceBuffer(mime);
    this.#type = mime;
    this.#media.duration = mediaSpan;
    return true;
  }

  #keepTrack(data: ArrayBuffer): void {
    if (this.#trackId !== undefined) keepTrack(new Uint8Array(data), this.#trackId);
  }

  #append(data: ArrayBuffer): Promise<void> {
    return this.#settled(buffer => buffer.appendBuffer(data));
  }

  #settled(run: (buffer: SourceBuffer) => void): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        buffer.removeEventListener('updateend', done);
        if (this.#video.error) reject(new DOMException('the decoder gave up', 'DecodeError'));
        else resolve();
      };
      buffer.addEventListener('updateend', done);
      try {
        run(buffer);
      } catch (reason) {
        buffer.removeEventListener('updateend', done);
        reject(reason);
      }
    });
  }

  /** Lets go of what lies far from the clock. */
  async #trim(): Promise<void> {
    const keepFrom = this.#at - keepBehindMs;
    const keepTo = this.#at + Math.max(keepAheadMs, 2 * aheadMs * this.#rate);
    const gone = this.#appended.filter(each => each.to < keepFrom - behindMs || each.from > keepTo);
    if (gone.length === 0) return;
    this.#appended = this.#appended.filter(each => each.to >= keepFrom && each.from <= keepTo);
    const before = (keepFrom - this.#base) / 1000;
    if (before > 0) await this.#settled(buffer => buffer.remove(0, before));
    await this.#settled(buffer => buffer.remove((keepTo - this.#base) / 1000, mediaSpan));
    // A removal takes whole groups of pictures; what it left of a fragment at the edge is loaded again when wanted.
    this.#appended = this.#appended.filter(each => this.timeOf(each.from + 1) !== undefined);
  }

  #drop(): void {
    this.#buffer = undefined;
    this.#media = undefined;
    this.#appended = [];
    this.#initOf = -1;
    this.#tail = { segment: -1, end: -1 };
    this.#type = '';
    if (this.#address) {
      this.#video.pause();
      this.#video.removeAttribute('src');
      this.#video.load();
      URL.revokeObjectURL(this.#address);
      this.#address = '';
    }
  }
}
