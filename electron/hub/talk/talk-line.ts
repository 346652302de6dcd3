import type { Clock } from '../../clock.ts';
import { encodePacket } from '../../codec/jt1078/packet.ts';
import { dataTypes, parts } from '../../codec/jt1078/payload-type.ts';
import type { MediaSource } from '../../frames/media-source.ts';
import type { Tally } from '../../tally.ts';

/** A pause longer than this, ms, shows in the timestamps; shorter ones are the network's between console and server. */
const pauseMs = 200;

/** Where the packets of one terminal come from and go to. */
export interface TalkLineParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly payloadType: number;
  /** SIM field of the terminal's own packets. */
  readonly sim: Uint8Array;
  readonly channel: number;
  /** What each packet lasts, ms. */
  readonly packetMs: number;
  /** Bytes of the packets that left. */
  sent(bytes: number): void;
  /** A whole packet waits. */
  has(): boolean;
  /** Its payload. Asked only when there is one. */
  next(): Uint8Array;
}

/**
 * Payloads to stream packets, one terminal's: numbers from 0, timestamps in ms, data type 3. Packets leave at the pace of
 * their sound, however it came.
 */
export class TalkLine {
  source: MediaSource;
  readonly #parts: TalkLineParts;
  #sequence = 0;
  #timestamp = 0;
  #dueAt = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: TalkLineParts, source: MediaSource) {
    this.#parts = parts;
    this.source = source;
  }

  /** To be called when there may be packets. */
  start(): void {
    const { clock } = this.#parts;
    if (this.#cancel || !this.#parts.has()) return;
    const now = clock.now();
    if (Math.abs(now - this.#timestamp) > pauseMs) this.#timestamp = now;
    this.#dueAt = Math.max(clock.monotonic(), this.#dueAt);
    this.#turn();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #turn(): void {
    const { clock } = this.#parts;
    this.#cancel = undefined;
    const now = clock.monotonic();
    while (this.#dueAt <= now && this.#parts.has()) this.#send(this.#parts.next());
    if (this.#parts.has()) this.#cancel = clock.after(Math.max(1, this.#dueAt - now), () => this.#turn());
  }

  #send(payload: Uint8Array): void {
    const { payloadType, sim, channel, tally, packetMs } = this.#parts;
    const packet = encodePacket({
      ...{ payloadType, sim, channel, payload },
      marker: true,
      sequence: this.#sequence,
      dataType: dataTypes.audio,
      part: parts.atomic,
      timestamp: BigInt(Math.round(this.#timestamp)),
    });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp += packetMs;
    this.#dueAt += packetMs;
    if (this.source.send?.(packet)) this.#parts.sent(packet.length);
    else tally.add('talk.soundUnsent');
  }
}
