import type { CameraKey } from '../contract.ts';
import type { Frame } from '../frames/frame.ts';
import type { Bystander, StartInfo } from '../hub/subscriber.ts';
import { MemoryReel } from './memory-reel.ts';

/** After a longer hole (ms) media time begins anew. */
const holeMs = 5000;
/** Arrival and device time that part by more (ms) have nothing to do with each other. */
const strangersMs = 2000;

export interface RewindRingParts {
  readonly camera: CameraKey;
  nextId(): number;
  /** Memory grew. */
  grown(): void;
}

/** The last pictures of one camera while consoles watch it: reels, the newest of which grows. */
export class RewindRing implements Bystander {
  readonly #parts: RewindRingParts;
  #reels: MemoryReel[] = [];
  #needsKey = true;
  /** Consoles that watch. */
  watchers = 0;
  /** The hub has a feed for this camera. */
  isFed = false;

  constructor(parts: RewindRingParts) {
    this.#parts = parts;
  }

  get reels(): readonly MemoryReel[] {
    return this.#reels;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const reel of this.#reels) sum += reel.heldBytes;
    return sum;
  }

  get oldestAt(): number | undefined {
    return this.#reels[0]?.oldestAt;
  }

  frame(frame: Frame, lead: readonly Frame[], start: StartInfo): void {
    if (this.watchers === 0) {
      if (!this.#needsKey) this.gap();
      return;
    }
    let reel = this.#reels.at(-1);
    if (this.#needsKey && !frame.key) return;
    if (!reel || reel.isEnded || (frame.key && this.#isAnother(reel, frame, start))) {
      reel?.end();
      reel = new MemoryReel(this.#parts.nextId(), this.#parts.camera, start, frame);
      this.#reels.push(reel);
    }
    this.#needsKey = false;
    const before = reel.heldBytes;
    reel.add(frame, lead);
    if (reel.heldBytes > before) this.#parts.grown();
  }

  gap(): void {
    this.#needsKey = true;
    this.#reels.at(-1)?.flush();
  }

  closed(): void {
    this.isFed = false;
    this.#needsKey = true;
    this.#reels.at(-1)?.end();
  }

  /** Makes everything that came so far readable. */
  flush(): void {
    const reel = this.#reels.at(-1);
    if (!reel?.isEnded) reel?.flush();
  }

  dropBefore(at: number): void {
    for (const reel of this.#reels) reel.dropBefore(at);
    this.#forgetEmpty();
  }

  /** @returns bytes that were let go of */
  dropOldest(): number {
    const reel = this.#reels.find(each => !each.isEmpty);
    const bytes = reel?.oldestRunBytes ?? 0;
    reel?.dropOldestRun();
    // What follows cannot be decoded without the beginning of its group.
    if (reel?.isEmpty) this.#needsKey ||= reel === this.#reels.at(-1);
    this.#forgetEmpty();
    return bytes;
  }

  #forgetEmpty(): void {
    const last = this.#reels.at(-1);
    this.#reels = this.#reels.filter(reel => !reel.isEmpty || (reel === last && !reel.isEnded));
  }

  #isAnother(reel: MemoryReel, frame: Frame, start: StartInfo): boolean {
    const { last } = reel;
    const passed = frame.receivedAt - last.receivedAt;
    return (
      reel.start !== start ||
      reel.isBehind(frame) ||
      passed >= holeMs ||
      Math.abs(passed - (frame.ptsMs - last.ptsMs)) >= strangersMs
    );
  }
}
