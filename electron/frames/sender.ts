import type { Packet } from '../codec/jt1078/packet.ts';
import type { IntakeParts } from './expected-feed.ts';
import type { MediaSource } from './media-source.ts';
import { Sequencer, type SequencerSink } from './sequencer.ts';
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
  readonly #sequencer: Sequencer;

  constructor(source: MediaSource, terminal: string, parts: IntakeParts) {
    this.source = source;
    this.terminal = terminal;
    const { settings, tally } = parts;
    const isDatagrams = source.transport === 'udp';
    this.#sequencer = new Sequencer({
      sink: this,
      tally,
      window: () => (isDatagrams ? settings.reorderPackets : 0),
      windowMs: () => settings.reorderMs,
    });
  }

  accept(packet: Packet, now: number): void {
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
}
