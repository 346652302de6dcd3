import type { Packet } from '../codec/jt1078/packet.ts';
import { mediaKind } from '../codec/jt1078/payload-type.ts';
import type { IntakeParts } from './expected-feed.ts';
import type { MediaSource } from './media-source.ts';
import { Sequencer, type SequencerSink } from './sequencer.ts';
import { SoundSharing } from './sound-sharing.ts';
import type { SourceStream } from './source-stream.ts';

/**
 * One terminal at one source: where a sequence counter lives. Two hundred vehicles behind one address, or several on one
 * connection through a gateway, are as many senders. Packets of channels that nobody asked for are counted through, so
 * that they do not look lost.
 */
export class Sender implements SequencerSink {
  readonly source: MediaSource;
  readonly terminal: string;
  readonly streams = new Map<number, SourceStream>();
  readonly #parts: IntakeParts;
  readonly #sharings = new Map<number, SoundSharing>();
  #sequencer: Sequencer;
  #sharing = new SoundSharing();
  #sharingChannel = -1;
  /** Last number that was given to the sequencer, on any channel; -1: none. */
  #counted = -1;

  constructor(source: MediaSource, terminal: string, parts: IntakeParts) {
    this.source = source;
    this.terminal = terminal;
    this.#parts = parts;
    this.#sequencer = this.#newSequencer();
  }

  accept(packet: Packet, now: number): void {
    if (!this.#counts(packet)) {
      this.deliver(packet, 0);
      return;
    }
    this.#counted = packet.sequence;
    this.#sequencer.accept(packet, now);
  }

  tick(now: number): void {
    this.#sequencer.tick(now);
    for (const stream of this.streams.values()) stream.assembler.tick(now);
  }

  /** Nothing more will come: delivers what is held back. */
  end(): void {
    this.#sequencer.flush();
    for (const stream of this.streams.values()) stream.assembler.end();
  }

  deliver(packet: Packet, lost: number): void {
    this.streams.get(packet.channel)?.deliver(packet, lost);
  }

  broken(channel: number): void {
    this.streams.get(channel)?.assembler.lost();
  }

  /** False for sound whose numbers have nothing to do with the pictures'. */
  #counts(packet: Packet): boolean {
    if (this.#sharingChannel !== packet.channel) this.#turnTo(packet.channel);
    if (mediaKind(packet.payloadType, packet.dataType) !== 'video')
      return this.#sharing.countsSound(packet.sequence, this.#counted, this.#window());
    const verdict = this.#sharing.picture(packet.sequence, this.#window());
    if (verdict !== 'counts')
      this.#startOver(verdict === 'apartUnbroken' && this.#window() === 0 ? packet.channel : -1);
    return true;
  }

  #turnTo(channel: number): void {
    let sharing = this.#sharings.get(channel);
    if (!sharing) {
      sharing = new SoundSharing();
      this.#sharings.set(channel, sharing);
    }
    this.#sharing = sharing;
    this.#sharingChannel = channel;
  }

  /** Sound was counted among the pictures and should not have been. @param unbroken channel that misses nothing, or -1 */
  #startOver(unbroken: number): void {
    this.#parts.tally.add('sequence.soundApart');
    this.#sequencer.flush();
    this.#sequencer = this.#newSequencer();
    for (const [channel, stream] of this.streams) if (channel !== unbroken) stream.assembler.lost();
  }

  #newSequencer(): Sequencer {
    const { settings, tally } = this.#parts;
    return new Sequencer({ sink: this, tally, window: () => this.#window(), windowMs: () => settings.reorderMs });
  }

  #window(): number {
    return this.source.transport === 'udp' ? this.#parts.settings.reorderPackets : 0;
  }
}
