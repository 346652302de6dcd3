import { keptPacket, type Packet } from '../codec/jt1078/packet.ts';
import type { Tally } from '../tally.ts';
import { rememberedSequences, SeenSequences } from './seen-sequences.ts';

export interface LaneSink {
  /** In order. `lost`: packets missing right before it, after `broken` was told. */
  deliver(packet: Packet, lost: number): void;
  /** Continuity ends here for everything that counts in this lane. */
  broken(lane: Lane): void;
  /**
   * Before `lost` packets are given up in front of `packet`. True when the gap is none because this is not one counter:
   * then the sink has taken what the lane held (`release`), and the lane is done with.
   */
  reconsiders(lane: Lane, packet: Packet, lost: number): boolean;
}

export interface LaneOptions {
  readonly sink: LaneSink;
  readonly tally: Tally;
  /** Packets a missing one is waited for; 0 (TCP): a gap is a loss at once. */
  window(): number;
  /** Longest such wait, ms. */
  windowMs(): number;
}

/** A straggler by its number may be a restarted device after all: so many in a row are believed. */
const believedRun = 8;
/**
 * A packet this far ahead (over UDP: two windows) is believed when one follows that is at most `confirmingStep` behind it.
 */
const believedStep = 64;
const confirmingStep = 16;
/** A source that sends nothing new for this long, but much that it sent before, plays a recording over and over; ms. */
const believedRepeatMs = 2000;
/** A packet this much older than the last is no straggler but another clock, ms. */
const stragglerMs = 60_000n;

/** How far `to` is after `from`, -32768 to 32767, on a counter of 16 bits. */
export function sequenceStep(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/**
 * Puts the packets of one sequence counter in order: numbers begin anywhere and wrap at 65536. Duplicates and stragglers
 * are dropped and counted. A number far off is a restarted device, not thousands of losses, but only when the next packet
 * confirms it: one damaged header must not cost a stream.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly seen = new SeenSequences();
  readonly #held = new Map<number, { readonly packet: Packet; readonly at: number }>();
  #last = -1;
  #lastTimestamp = 0n;
  #lateRun = 0;
  #repeatRun = 0;
  #newsAt = 0;
  #isLooped = false;
  #stray: Packet | undefined;

  /** @param last number of the packet before the first, -1: not known, over UDP the first few are gathered */
  constructor(options: LaneOptions, last = -1) {
    this.#options = options;
    this.#last = last;
  }

  /**
   * @param now monotonic ms
   * @returns false when the packet was dropped, or is kept back until the next one confirms it
   */
  accept(packet: Packet, now: number): boolean {
    const step = this.#last < 0 ? Number.NaN : sequenceStep(this.#last, packet.sequence);
    if (step === 1) {
      this.#stray = undefined;
      this.#newsAt = now;
      this.#pass(packet, 0);
      if (this.#held.size > 0) this.#drain();
      return true;
    }
    if (this.#held.has(packet.sequence)) return this.#meetHeld(packet);
    if (this.#isRepeated(packet, step)) return this.#repeat(packet, step, now);
    this.#newsAt = now;
    if (Number.isNaN(step)) return this.#gather(packet, now);
    if (step > 1 && step < this.#believedStep()) this.#ahead(packet, step, now);
    else if (step <= 0 && step > -rememberedSequences && this.#isStraggler(packet)) return this.#late(packet);
    else return this.#far(packet);
    return true;
  }

  /** Gives up waiting for what has been missing too long. */
  tick(now: number): void {
    while (this.#held.size > 0 && now - this.#oldest() >= this.#options.windowMs()) this.#skip();
  }

  /** Everything that is held, in order, without waiting on. */
  flush(): void {
    while (this.#held.size > 0) this.#skip(true);
  }

  /** `sequence` was delivered or given up before. */
  isPast(sequence: number): boolean {
    return this.#last >= 0 && sequenceStep(this.#last, sequence) <= 0;
  }

  /** What is held, for another lane to take. */
  release(): Packet[] {
    const packets = [...this.#held.values()].map(held => held.packet);
    this.#held.clear();
    return packets;
  }

  /** Channel that `sequence` came on, held or remembered, or -1. */
  channelOf(sequence: number): number {
    return this.#held.get(sequence)?.packet.channel ?? this.seen.channelOf(sequence);
  }

  /** The first packets over UDP: the one that came first need not be the first. */
  #gather(packet: Packet, now: number): boolean {
    const window = this.#options.window();
    if (window === 0) {
      this.#pass(packet, 0);
      return true;
    }
    const first = this.#held.keys().next();
    const distance = first.done ? 0 : Math.abs(sequenceStep(first.value, packet.sequence));
    if (distance >= 2 * window) return this.#far(packet);
    if (distance > window) {
      this.#skip();
      return this.accept(packet, now);
    }
    this.#hold(packet, now);
    if (this.#held.size >= window) this.#skip();
    return true;
  }

  #ahead(packet: Packet, step: number, now: number): void {
    this.#stray = undefined;
    const window = this.#options.window();
    if (window === 0) {
      this.#loss(step - 1);
      this.#pass(packet, step - 1);
      return;
    }
    this.#hold(packet, now);
    while (this.#held.has(packet.sequence) && sequenceStep(this.#last, packet.sequence) > window) this.#skip();
  }

  /** Two packets with one number: the same one again, or one of them has a damaged header and neither is believed. */
  #meetHeld(packet: Packet): boolean {
    const held = this.#held.get(packet.sequence)?.packet;
    if (held && isSamePacket(held, packet)) this.#options.tally.add('sequence.duplicate');
    else {
      this.#options.tally.add('sequence.conflict');
      this.#held.delete(packet.sequence);
    }
    return false;
  }

  /**
   * Over TCP nothing comes late, nor does a number twice with different content: the number that ran ahead was damaged, and
   * what was taken for the beginning of a unit may not be one.
   */
  #late(packet: Packet): boolean {
    this.#options.tally.add('sequence.late');
    this.#lateRun++;
    if (this.#lateRun >= believedRun) {
      this.#restart(packet);
      return true;
    }
    const isConflict = this.seen.channelOf(packet.sequence) === packet.channel;
    if (isConflict || this.#options.window() === 0) this.#options.sink.broken(this);
    return false;
  }

  #far(packet: Packet): boolean {
    const stray = this.#stray;
    const step = stray ? sequenceStep(stray.sequence, packet.sequence) : 0;
    if (!stray || step < 1 || step > confirmingStep) {
      if (stray) this.#options.tally.add('sequence.stray');
      this.#stray = keptPacket(packet);
      return false;
    }
    this.flush();
    const skipped = this.#last < 0 ? 0 : sequenceStep(this.#last, stray.sequence) - 1;
    if (skipped > 0 && skipped < rememberedSequences) this.#jump(stray, skipped);
    else this.#restart(stray);
    if (step > 1) this.#loss(step - 1);
    this.#pass(packet, step - 1);
    return true;
  }

  /** A long burst was lost. */
  #jump(packet: Packet, lost: number): void {
    this.#stray = undefined;
    this.#loss(lost);
    this.#pass(packet, lost);
  }

  #restart(packet: Packet): void {
    this.flush();
    this.#stray = undefined;
    this.#options.tally.add('sequence.restart');
    this.#options.sink.broken(this);
    this.#pass(packet, 0);
  }

  #hold(packet: Packet, now: number): void {
    this.#held.set(packet.sequence, { packet: keptPacket(packet), at: now });
  }

  /** Counts as lost what is missing before the next held packet, and goes on with that. */
  #skip(isFinal = false): void {
    const from = this.#last < 0 ? (this.#held.keys().next().value as number) : this.#last;
    let nearest = Number.POSITIVE_INFINITY;
    for (const sequence of this.#held.keys()) nearest = Math.min(nearest, sequenceStep(from, sequence));
    const sequence = (from + nearest) & 0xffff;
    const packet = this.#held.get(sequence)?.packet;
    if (!packet) return;
    const lost = this.#last < 0 ? 0 : nearest - 1;
    if (lost > 0) {
      if (!isFinal && this.#options.sink.reconsiders(this, packet, lost)) return;
      this.#loss(lost);
    }
    this.#held.delete(sequence);
    this.#pass(packet, lost);
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const next = (this.#last + 1) & 0xffff;
      const held = this.#held.get(next);
      if (!held) return;
      this.#held.delete(next);
      this.#pass(held.packet, 0);
    }
  }

  #loss(packets: number): void {
    this.#options.tally.add('sequence.lost', packets);
    this.#options.sink.broken(this);
  }

  #pass(packet: Packet, lost: number): void {
    this.#last = packet.sequence;
    this.#lateRun = 0;
    this.#repeatRun = 0;
    if (packet.timestamp > 0n) this.#lastTimestamp = packet.timestamp;
    this.seen.add(packet);
    this.#options.sink.deliver(packet, lost);
  }

  #believedStep(): number {
    const window = this.#options.window();
    return window === 0 ? believedStep : 2 * window;
  }

  /** Seen before, or so far behind that it is no longer remembered. */
  #isRepeated(packet: Packet, step: number): boolean {
    return this.seen.has(packet) || (step <= -rememberedSequences && this.#isStraggler(packet));
  }

  /** Dropped, until it shows that the source has nothing else to send; from then on each new round is let in at once. */
  #repeat(packet: Packet, step: number, now: number): boolean {
    this.#repeatRun++;
    const isOld = this.#repeatRun >= believedRun && now - this.#newsAt >= believedRepeatMs;
    if (!isOld && !(this.#isLooped && -step > this.#options.window())) {
      this.#options.tally.add('sequence.duplicate');
      return false;
    }
    this.#isLooped = true;
    this.#newsAt = now;
    this.#restart(packet);
    return true;
  }

  #isStraggler(packet: Packet): boolean {
    return packet.timestamp <= this.#lastTimestamp && this.#lastTimestamp - packet.timestamp < stragglerMs;
  }

  #oldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const held of this.#held.values()) oldest = Math.min(oldest, held.at);
    return oldest;
  }
}

function isSamePacket(a: Packet, b: Packet): boolean {
  if (a.channel !== b.channel || a.timestamp !== b.timestamp || a.part !== b.part || a.dataType !== b.dataType)
    return false;
  return a.payload.length === b.payload.length && a.payload.every((byte, index) => byte === b.payload[index]);
}
