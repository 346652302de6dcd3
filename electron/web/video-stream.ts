import type { ErrorCode, GapReason, StreamStatus } from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { StartInfo, Subscriber, Subscription } from '../hub/subscriber.ts';
import type { ClientSocket } from './client-socket.ts';
import { encodeMedia, mediaKinds } from './media-message.ts';
import type { Asked } from './video-request.ts';

/** Base64 of the frame that is being handed round: the hub gives it to one client after the other. */
export class FrameText {
  #frame: Frame | undefined;
  #text = '';

  of(frame: Frame): string {
    if (this.#frame !== frame) {
      this.#frame = frame;
      const { buffer, byteOffset, byteLength } = frame.data;
      this.#text = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    }
    return this.#text;
  }
}

export interface VideoStreamParts {
  readonly socket: ClientSocket;
  readonly asked: Asked;
  readonly number: number;
  readonly format: 'json' | 'binary';
  readonly frameText: FrameText;
  failed(code: ErrorCode, message: string): void;
  ended(code: ErrorCode, message: string): void;
}

/** One camera on its way to one client of `/ws/video`. */
export class VideoStream implements Subscriber {
  readonly #parts: VideoStreamParts;
  readonly #head: string;
  #subscription: Subscription | undefined;
  #forgetDrain: () => void = () => undefined;
  #frames = 0;
  #refusal = '';

  constructor(parts: VideoStreamParts) {
    this.#parts = parts;
    this.#head = `${JSON.stringify({ type: 'frame', ...parts.asked }).slice(0, -1)},"data":"`;
  }

  /** The client was told that it is subscribed: frames may go. */
  attach(subscription: Subscription): void {
    this.#subscription = subscription;
    this.#forgetDrain = this.#parts.socket.onDrain(() => subscription.drain());
    subscription.drain();
  }

  status(status: StreamStatus): void {
    const refusal = status.phase === 'refused' && status.error ? status.error.code : '';
    if (refusal === this.#refusal || (refusal === '' && status.phase !== 'live')) return;
    this.#refusal = refusal;
    if (status.error && refusal !== '') this.#parts.failed(status.error.code, status.error.message);
  }

  start(_info: StartInfo): void {}

  frame(frame: Frame, cached: boolean): boolean {
    const { socket, format, frameText } = this.#parts;
    if (!this.#subscription || socket.full()) return false;
    if (format === 'binary') socket.send(this.#binary(frame, cached));
    else
      socket.send(
        `${this.#head}${frameText.of(frame)}","size":${frame.data.byteLength},"isIFrame":${frame.key},"timestamp":${frame.receivedAt}}`,
      );
    this.#frames++;
    return true;
  }

  audio(_packet: AudioPacket): void {}

  gap(frames: number, _reason: GapReason): void {
    this.#frames += Math.max(1, frames);
  }

  end(code: ErrorCode, message: string): void {
    this.#forgetDrain();
    this.#parts.ended(code, message);
  }

  close(): void {
    this.#forgetDrain();
    this.#subscription?.close();
  }

  #binary(frame: Frame, cached: boolean): Buffer {
    const { key, payloadType, ptsMs, receivedAt } = frame;
    return encodeMedia(
      {
        kind: mediaKinds.frame,
        key,
        cached,
        payloadType,
        subscription: this.#parts.number,
        seq: this.#frames,
        ptsMs,
        receivedAt,
      },
      frame.data,
    );
  }
}
