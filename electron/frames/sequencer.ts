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

/** Over TCP the first packet of another channel may be this far ahead and still count with the others, behind a loss. */
const sharedReach = 64;
/** Changes of channel in a row that only a shared counter explains, until it is believed after all. */
const believedEvidence = 4;

/** What a packet says about the counter that its channel was thought to share. */
type Verdict = 'shared' | 'own' | 'unsure';

/**
 * The sequence counters of one terminal at one source. Audio and video of a channel share a counter; of several channels on
 * one connection some devices count together and some apart, and neither is announced. One counter is assumed until
 *
 * - one number comes on two channels,
 * - a channel continues its own numbers where the common ones are elsewhere, or
 * - a new channel begins where the common numbers are not;
 *
 * then each channel has its own, until several changes of channel in a row can only be explained by a common one. A new
 * channel a little ahead of the common number is a loss or a counter of its own: that is left open until a packet tells,
 * and the loss is told only then.
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
  /** More than 0 while it is open whether channels share a counter: what is lost if they do. */
  #openLoss = 0;

  constructor(options: SequencerOptions) {
    this.#options = options;
    const { tally } = options;
    this.#laneOptions = { sink: this, tally, window: () => options.window(), windowMs: () => options.windowMs() };
    this.#common = new Lane(this.#laneOptions);
  }

  /** @param now monotonic ms */
  accept(packet: Packet, now: number): void {
    let channel = this.#recent;
    if (channel === undefined || channel.number !== packet.channel)
      channel = this.#channels.get(packet.channel) ?? this.#addChannel(packet.channel);
    if (this.#channels.size > 1) {
      if (this.#common) this.#question(this.#common, packet, channel, now);
      else this.#weigh(packet, channel);
    }
    this.#recent = channel;
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

  reconsiders(lane: Lane, packet: Packet, lost: number): boolean {
    if (lane !== this.#common || this.#channels.size < 2) return false;
    const channel = this.#channels.get(packet.channel);
    if (!channel) return false;
    const isNew = channel.delivered < 0;
    if (!isNew && sequenceStep(channel.delivered, packet.sequence) !== 1) return false;
    this.#split(isNew ? lost : 0);
    return true;
  }

  #addChannel(number: number): Channel {
    const lane = this.#common ?? new Lane(this.#laneOptions);
    const channel: Channel = { number, lane, arrived: -1, delivered: -1 };
    this.#channels.set(number, channel);
    return channel;
  }

  #question(common: Lane, packet: Packet, channel: Channel, now: number): void {
    const step = sequenceStep(this.#arrived, packet.sequence);
    const verdict = this.#judge(common, packet, channel, step);
    if (verdict !== 'shared') this.#split(verdict === 'unsure' ? step - 1 : 0, now);
  }

  #judge(common: Lane, packet: Packet, channel: Channel, step: number): Verdict {
    const seenOn = common.channelOf(packet.sequence);
    if (seenOn >= 0 && seenOn !== packet.channel) return 'own';
    if (step === 1) return 'shared';
    const window = this.#options.window();
    if (channel.arrived >= 0) {
      const followsOwn = sequenceStep(channel.arrived, packet.sequence) === 1;
      return followsOwn && (window === 0 || Math.abs(step) > window) ? 'own' : 'shared';
    }
    if (window > 0) return Math.abs(step) > window || common.isPast(packet.sequence) ? 'own' : 'shared';
    return step > 1 && step <= sharedReach ? 'unsure' : 'own';
  }

  #split(openLoss: number, now = 0): void {
    const held = this.#common?.release() ?? [];
    this.#common = undefined;
    this.#sharedEvidence = 0;
    this.#openLoss = openLoss;
    this.#options.tally.add('sequence.perChannel');
    for (const channel of this.#channels.values()) channel.lane = new Lane(this.#laneOptions, channel.delivered);
    for (const packet of held) this.#channels.get(packet.channel)?.lane.accept(packet, now);
  }

  /** While each channel counts for itself, or that is open. */
  #weigh(packet: Packet, channel: Channel): void {
    const followsAny = sequenceStep(this.#arrived, packet.sequence) === 1;
    const followsOwn = channel.arrived >= 0 && sequenceStep(channel.arrived, packet.sequence) === 1;
    if (followsAny === followsOwn || (channel === this.#recent && this.#openLoss === 0)) return;
    if (followsOwn || this.#isOnOther(packet.sequence, channel)) {
      this.#sharedEvidence = 0;
      this.#openLoss = 0;
      return;
    }
    this.#sharedEvidence++;
    // over UDP the order of arrival may say so by chance
    const isOpenOverTcp = this.#openLoss > 0 && this.#options.window() === 0;
    if (isOpenOverTcp || this.#sharedEvidence >= believedEvidence) this.#merge();
  }

  #isOnOther(sequence: number, channel: Channel): boolean {
    for (const other of this.#channels.values())
      if (other !== channel && other.lane.channelOf(sequence) >= 0) return true;
    return false;
  }

  #merge(): void {
    this.flush();
    const lost = this.#openLoss;
    this.#openLoss = 0;
    this.#sharedEvidence = 0;
    this.#common = new Lane(this.#laneOptions, this.#arrived);
    this.#options.tally.add('sequence.shared');
    for (const channel of this.#channels.values()) channel.lane = this.#common;
    if (lost === 0) return;
    this.#options.tally.add('sequence.lost', lost);
    this.broken(this.#common);
  }
}
