import type { ErrorCode, MediaDown, StreamPhase } from '../../electron/contract.ts';
import type { MediaPort } from '../player/media-port.ts';
import type { SoundBlock } from './jitter-buffer.ts';
import { type PacketDecoder, packetDecoder, type SoundFacts } from './packet-decoder.ts';

export type SoundPacket = Extract<MediaDown, { type: 'audio' }>;

export interface VoiceIntakeSink {
  block(block: SoundBlock): void;
  /** What comes next does not follow on what came. */
  restart(): void;
  /** Told once for each payload type that has no decoder. */
  unsupported(payloadType: number): void;
  end(code: ErrorCode, message: string): void;
}

/** Packets whose stamps count for `stampLagMs`. */
const remembered = 63;

/** The receiving end of a media port that was opened for its sound: packets in, samples out. */
export class VoiceIntake {
  packets = 0;
  broken = 0;
  payloadType = 0;
  phase: StreamPhase | undefined;
  readonly #port: MediaPort;
  readonly #sink: VoiceIntakeSink;
  #facts: SoundFacts;
  readonly #lags: number[] = [];
  #stamps = 0;
  #decoder: PacketDecoder | undefined;

  constructor(port: MediaPort, facts: SoundFacts, sink: VoiceIntakeSink) {
    this.#port = port;
    this.#facts = facts;
    this.#sink = sink;
    port.onmessage = event => this.#take(event.data as MediaDown);
    port.start();
  }

  get stampLagMs(): number | undefined {
    const sorted = [...this.#lags].sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  }

  get reading(): string {
    return this.#decoder?.reading ?? '';
  }

  learn(facts: SoundFacts): void {
    this.#facts = facts;
    this.payloadType = 0;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.postMessage({ type: 'close' });
    this.#port.close();
    this.#decoder?.close();
    this.#decoder = undefined;
  }

  #take(message: MediaDown): void {
    if (message.type === 'audio') this.#packet(message);
    else if (message.type === 'status') this.phase = message.status.phase;
    else if (message.type === 'gap') this.#restart();
    else if (message.type === 'end') this.#sink.end(message.code, message.message);
  }

  #restart(): void {
    this.#lags.length = 0;
    this.#stamps = 0;
    // What was learnt of the coding stays; what a decoder still holds goes.
    this.#decoder?.close();
    this.#sink.restart();
  }

  #packet(packet: SoundPacket): void {
    this.packets++;
    this.#lags[this.#stamps++ % remembered] = packet.receivedAt - packet.ptsMs;
    if (packet.payloadType !== this.payloadType) this.#change(packet.payloadType);
    if (this.#decoder && !this.#decoder.decode(packet)) this.broken++;
  }

  #change(payloadType: number): void {
    this.payloadType = payloadType;
    this.#decoder?.close();
    this.#decoder = packetDecoder(payloadType, this.#facts, block => this.#sink.block(block));
    if (!this.#decoder) this.#sink.unsupported(payloadType);
  }
}
