import type { Clock } from '../clock.ts';
import { normaliseTerminalId } from '../codec/terminal-id.ts';
import type { CameraKey, Result, Rpc, SegmentRow } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Bystander } from '../hub/subscriber.ts';
import type { SegmentFile } from '../ipc/desk.ts';
import { type StreamKey, streamName } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import type { MemoryReel } from './memory-reel.ts';
import { RewindRing } from './rewind-ring.ts';

const tickMs = 1000;
/** Numbers of reels begin here: no catalogue gets so far, and 15 digits are what an address takes. */
const firstId = 900_000_000_000_000;

export interface RewindLimits {
  /** Bytes of all cameras together. */
  readonly rewindBytes: number;
  readonly rewindSeconds: number;
}

export interface RewindParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: RewindLimits;
}

/**
 * The last minutes of every camera that a console watches, in memory: what a live picture is rewound into where nothing is
 * recorded, and what the disk does not have yet where something is. Bounded by time for each camera and by bytes for all
 * together; the oldest goes first, whosesoever it is.
 */
export class Rewind {
  readonly #parts: RewindParts;
  readonly #rings = new Map<string, RewindRing>();
  readonly #cancel: () => void;
  #lastId: number;

  constructor(parts: RewindParts) {
    this.#parts = parts;
    // Other than before a restart: a page may still ask for what it saw then.
    this.#lastId = firstId + (Math.floor(parts.clock.now() / 1000) % 10_000_000) * 1_000_000;
    this.#cancel = parts.clock.every(tickMs, () => this.#tick());
  }

  get heldBytes(): number {
    let sum = 0;
    for (const ring of this.#rings.values()) sum += ring.heldBytes;
    return sum;
  }

  /** What the hub gives a feed's frames to beside its subscribers. */
  beside(key: StreamKey): Bystander {
    const ring = this.#ring(key);
    ring.isFed = true;
    return ring;
  }

  /** A console watches; @returns what ends it, harmless when called twice */
  watch(key: StreamKey): () => void {
    const ring = this.#ring(key);
    ring.watchers++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      ring.watchers--;
    };
  }

  /** What of a camera is in memory, oldest first, up to its newest picture. */
  coverage(camera: CameraKey): SegmentRow[] {
    const ring = this.#rings.get(nameOf(camera));
    ring?.flush();
    return (ring?.reels ?? []).flatMap(reel => reel.row() ?? []);
  }

  /** Undefined for what is no reel of this memory. */
  async fragments(segment: number): Promise<Result<Rpc['archive.fragments']['value']> | undefined> {
    if (segment < firstId) return undefined;
    const list = await this.#reel(segment)?.list();
    return list ? { ok: true, value: list } : fail('unknownSegment', String(segment));
  }

  async file(segment: number): Promise<Result<SegmentFile> | undefined> {
    if (segment < firstId) return undefined;
    const reel = this.#reel(segment);
    if (!reel || !(await reel.list())) return fail('unknownSegment', String(segment));
    const { bytes, gone } = reel.extent;
    const read = (from: number, to: number) => reel.read(from, to);
    return { ok: true, value: { path: `rewind-${segment}.mp4`, bytes, isGrowing: true, gone, read } };
  }

  close(): void {
    this.#cancel();
    this.#rings.clear();
  }

  #ring(key: StreamKey): RewindRing {
    const name = streamName(key);
    const there = this.#rings.get(name);
    if (there) return there;
    const ring = new RewindRing({
      camera: { vehicleId: key.terminal, channel: key.channel, stream: key.stream },
      nextId: () => ++this.#lastId,
      grown: () => this.#bound(),
    });
    this.#rings.set(name, ring);
    return ring;
  }

  #reel(id: number): MemoryReel | undefined {
    for (const ring of this.#rings.values()) for (const reel of ring.reels) if (reel.id === id) return reel;
    return undefined;
  }

  #tick(): void {
    const { clock, settings } = this.#parts;
    const oldest = clock.now() - settings.rewindSeconds * 1000;
    for (const [name, ring] of this.#rings) {
      ring.dropBefore(oldest);
      if (!ring.isFed && ring.watchers === 0 && ring.reels.length === 0) this.#rings.delete(name);
    }
  }

  /** About once a second for each camera: fragments are added, not frames. */
  #bound(): void {
    const { settings, tally } = this.#parts;
    let over = this.heldBytes - settings.rewindBytes;
    while (over > 0) {
      let victim: RewindRing | undefined;
      for (const ring of this.#rings.values())
        if (ring.oldestAt !== undefined && ring.oldestAt < (victim?.oldestAt ?? Number.POSITIVE_INFINITY))
          victim = ring;
      if (!victim) return;
      over -= victim.dropOldest();
      tally.add('record.rewindShortened');
    }
  }
}

function nameOf({ vehicleId, channel, stream }: CameraKey): string {
  return streamName({ terminal: normaliseTerminalId(vehicleId), channel, stream });
}
