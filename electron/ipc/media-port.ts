import type { Clock } from '../clock.ts';
import type { ErrorCode, GapReason, MediaDown, StreamStatus } from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { StartInfo, Subscriber, Subscription } from '../hub/subscriber.ts';
import type { Tally } from '../tally.ts';
import type { Port } from './port.ts';
import { maxCredits, mediaUpSchema } from './schema.ts';

/** Statuses that bring only new figures are at least this far apart; a change of phase or step goes at once. */
const figuresMs = 300;

export interface MediaPortParts {
  readonly port: Port;
  /** Frames that may be sent before the first `credit` comes. */
  readonly credits: number;
  readonly audio: boolean;
  /** False: for the sound alone, to which no picture is sent. */
  readonly video: boolean;
  readonly clock: Clock;
  readonly tally: Tally;
  /** The port is closed, by either side. */
  closed(): void;
}

/** One open stream of one console: a subscriber whose frames go through a port, as many as it was given credits for. */
export class MediaPort implements Subscriber {
  readonly #parts: MediaPortParts;
  readonly #port: Port;
  #subscription: Subscription | undefined;
  #credits: number;
  #frames = 0;
  #packets = 0;
  #told = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: MediaPortParts) {
    this.#parts = parts;
    this.#port = parts.port;
    this.#credits = parts.credits;
  }

  /** Begins to listen to the console. */
  attach(subscription: Subscription): void {
    this.#subscription = subscription;
    if (this.#closed) {
      subscription.close();
      return;
    }
    this.#port.onClose(() => this.close());
    this.#port.onMessage(message => this.#received(message));
    this.#port.onDrain?.(() => subscription.drain());
  }

  status(status: StreamStatus): void {
    const told = changeMark(status);
    const now = this.#parts.clock.monotonic();
    if (told === this.#told && (now - this.#toldAt < figuresMs || this.#port.full?.())) return;
    this.#told = told;
    this.#toldAt = now;
    this.#post({ type: 'status', status });
  }

  start(info: StartInfo): void {
    if (!this.#parts.video) return;
    const { codec, parameterSets, width, height } = info;
    this.#post({ type: 'start', codec, parameterSets: parameterSets.map(set => this.#exact(set)), width, height });
  }

  frame(frame: Frame, cached: boolean): boolean {
    if (!this.#parts.video) return true;
    if (this.#credits <= 0 || this.#port.full?.()) return false;
    this.#credits--;
    const { key, ptsMs, receivedAt } = frame;
    this.#post({ type: 'frame', seq: this.#frames++, key, cached, ptsMs, receivedAt, data: this.#exact(frame.data) });
    return true;
  }

  audio(packet: AudioPacket): void {
    if (!this.#parts.audio || this.#port.full?.()) return;
    const { payloadType, ptsMs, receivedAt } = packet;
    const data = this.#exact(packet.data);
    this.#post({ type: 'audio', seq: this.#packets++, payloadType, ptsMs, receivedAt, data });
  }

  gap(frames: number, reason: GapReason): void {
    if (!this.#parts.video && reason !== 'restart') return;
    this.#frames += Math.max(1, frames);
    this.#post({ type: 'gap', frames, reason });
  }

  end(code: ErrorCode, message: string): void {
    this.#post({ type: 'end', code, message });
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription?.close();
    this.#port.close();
    this.#parts.closed();
  }

  #received(message: unknown): void {
    const { success, data: up } = mediaUpSchema.safeParse(message);
    if (!success) this.#parts.tally.add('ipc.badMediaMessage');
    else if (up.type === 'close') this.close();
    else {
      this.#credits = Math.min(this.#credits + up.frames, maxCredits);
      this.#subscription?.drain();
    }
  }

  #post(message: MediaDown): void {
    if (!this.#closed) this.#port.post(message);
  }

  /** Structured clone copies the whole buffer behind a view (and a Buffer arrives as one), so only exact views may go out. */
  #exact(bytes: Uint8Array): Uint8Array {
    if (bytes.byteLength === bytes.buffer.byteLength && !Buffer.isBuffer(bytes)) return bytes;
    this.#parts.tally.add('ipc.copied');
    return Uint8Array.from(bytes);
  }
}

/** Equal for two statuses that differ in figures only. */
function changeMark(status: StreamStatus): string {
  const { phase, since, steps, attempts, error, codec, width, height, source, target } = status;
  return [phase, since, steps.length, attempts, error?.code, codec, width, height, source, target].join();
}
