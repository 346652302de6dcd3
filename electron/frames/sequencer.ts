import type { Packet } from '../codec/jt1078/packet.ts';
import type { Tally } from '../tally.ts';
import { Lane, type LaneOptions, type LaneSink, sequenceStep } from './lane.ts';

export interface SequencerSink {
  /** In order within its channel. `lost`: packets missing right before it. Held by nobody after the call. */
  deliver(packet: Packet, lost: number): void;
  /** Packets of this channel may be missing before what comes next. */
  broken(channel: number): void;
}

export interface SequencerOptions {
  readonly sink: SequencerSink;
  readonly tally: Tally;
  window(): number;
  windowMs(): number;
}

interface Channel {
  readonly number: number;
  lane: Lane;
  /** Sequence that was accepted last, and that was delivered last; -1: none. */
  arrived: number;
  delivered: number;
}

/** Over TCP the first packet of a second channel may be this far ahead and still count with the first. */
const sharedReach = 64;
/** Changes of channel in a row that only a shared counter explains, until it is believed. */
const believedEvidence = 4;

/**
 * The sequence counters of one terminal at one source. Audio and video of a channel share a counter; of several channels on
 * one connection some devices count together and some apart, and neither is announced. One counter is assumed until
 *
 * - one number comes on two channels,
 * - a channel continues its own numbers where the common ones are elsewhere, or
 * - a new channel begins where the common numbers are not;
 *
 * then each channel has its own, until several changes of channel in a row can only be explained by a common one.
 */
export class Sequencer implements LaneSink {
  readonly #options: SequencerOptions;
  readonly #laneOptions: LaneOptions;
  readonly #channels = new Map<number, Channel>();
  /** Undefined while each channel counts for itself. */
  #common: Lane | undefined;
  #recent: Channel | undefined;
  #arrived = -1;
  #sharedEvidence = 0;

  constructor(options: SequencerOptions) {
    this.#options = options;
    const { tally } = options;
    this.#laneOptions = { sink: this, tally, window: () => options.window(), windowMs: () => options.windowMs() };
    this.#common = new Lane(this.#laneOptions);
  }

  get countsPerChannel(): boolean {
    return this.#common === undefined;
  }

  /** @param now monotonic ms */
  accept(packet: Packet, now: number): void {
    let channel = this.#recent;
    if (channel === undefined || channel.number !== packet.channel) {
      channel = this.#channels.get(packet.channel) ?? this.#addChannel(packet.channel);
      if (this.#recent && !this.#common) this.#weighSharing(packet, channel);
      this.#recent = channel;
    }
    if (this.#channels.size > 1 && this.#common && this.#contradictsSharing(packet, channel)) this.#split(now);
    if (!channel.lane.accept(packet, now)) return;
    channel.arrived = packet.sequence;
    this.#arrived = packet.sequence;
  }

  tick(now: number): void {
    if (this.#common) this.#common.tick(now);
    else for (const channel of this.#channels.values()) channel.lane.tick(now);
  }

  /** Delivers what is held back. */
  flush(): void {
    if (this.#common) this.#common.flush();
    else for (const channel of this.#channels.values()) channel.lane.flush();
  }

  deliver(packet: Packet, lost: number): void {
    const recent = this.#recent;
    const channel = recent?.number === packet.channel ? recent : this.#channels.get(packet.channel);
    if (channel) channel.delivered = packet.sequence;
    this.#options.sink.deliver(packet, lost);
  }

  broken(lane: Lane): void {
    for (const channel of this.#channels.values()) if (channel.lane === lane) this.#options.sink.broken(channel.number);
  }

  #addChannel(number: number): Channel {
    const lane = this.#common ?? new Lane(this.#laneOptions);
    const channel: Channel = { number, lane, arrived: -1, delivered: -1 };
    this.#channels.set(number, channel);
    return channel;
  }

  #contradictsSharing(packet: Packet, channel: Channel): boolean {
    const step = sequenceStep(this.#arrived, packet.sequence);
    if (step === 1) return false;
    const seenOn = this.#common?.channelOf(packet.sequence) ?? -1;
    if (seenOn >= 0 && seenOn !== packet.channel) return true;
    const window = this.#options.window();
    if (channel.arrived < 0) return window > 0 ? Math.abs(step) > window : step <= 0 || step > sharedReach;
    if (sequenceStep(channel.arrived, packet.sequence) !== 1) return false;
    return window === 0 || Math.abs(step) > window;
  }

  #split(now: number): void {
    const held = this.#common?.release() ?? [];
    this.#common = undefined;
    this.#sharedEvidence = 0;
    this.#options.tally.add('sequence.perChannel');
    for (const channel of this.#channels.values()) channel.lane = new Lane(this.#laneOptions, channel.delivered);
    for (const packet of held) this.#channels.get(packet.channel)?.lane.accept(packet, now);
  }

  /** At a change of channel, while each counts for itself. */
  #weighSharing(packet: Packet, channel: Channel): void {
    const followsAny = sequenceStep(this.#arrived, packet.sequence) === 1;
    const followsOwn = channel.arrived >= 0 && sequenceStep(channel.arrived, packet.sequence) === 1;
    if (followsAny === followsOwn) return;
    this.#sharedEvidence = followsAny ? this.#sharedEvidence + 1 : 0;
    if (this.#sharedEvidence < believedEvidence) return;
    this.flush();
    this.#sharedEvidence = 0;
    this.#common = new Lane(this.#laneOptions, this.#arrived);
    this.#options.tally.add('sequence.shared');
    for (const known of this.#channels.values()) known.lane = this.#common;
  }
}
