import type { MediaDown, TalkDown, VideoCodec } from '../contract.ts';
import type { Port } from '../ipc/port.ts';
import type { ClientSocket } from './client-socket.ts';
import { encodeMedia, type MediaHeader, mediaKinds } from './media-message.ts';

/** JT/T 1078 table 12. A frame of the contract names its codec only in `start`. */
const payloadTypes: Record<VideoCodec, number> = { h264: 98, h265: 99, avs: 100, svac: 101, unknown: 0 };

export interface SocketMediaPortEvents {
  opened(subscription: number): void;
  closed(subscription: number): void;
}

/** What goes down a media port, or the port of a talk. */
type PortDown = MediaDown | TalkDown;

/**
 * The server's end of one media port that is a share of a console's WebSocket. What is posted before the console knows the
 * port's number waits for `open`.
 */
export class SocketMediaPort implements Port {
  readonly #socket: ClientSocket;
  readonly #events: SocketMediaPortEvents;
  readonly #early: PortDown[] = [];
  #subscription = 0;
  #payloadType = 0;
  #run: (message: unknown) => void = () => undefined;
  #forgetDrain: () => void = () => undefined;
  #closed = false;

  constructor(socket: ClientSocket, events: SocketMediaPortEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  /** The console was told of the port. */
  open(subscription: number): void {
    this.#subscription = subscription;
    if (!this.#closed) this.#events.opened(subscription);
    for (const message of this.#early.splice(0)) this.#send(message);
  }

  /** A message of the console for this port. */
  deliver(message: unknown): void {
    if (!this.#closed) this.#run(withSamples(message));
  }

  post(message: unknown): void {
    if (this.#closed) return;
    if (this.#subscription === 0) this.#early.push(message as PortDown);
    else this.#send(message as PortDown);
  }

  onMessage(run: (message: unknown) => void): void {
    this.#run = run;
  }

  /** Never: the console closes a port with a message, and the end of the WebSocket closes the whole link. */
  onClose(_run: () => void): void {}

  full(): boolean {
    return this.#socket.full();
  }

  onDrain(run: () => void): void {
    this.#forgetDrain = this.#socket.onDrain(run);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetDrain();
    if (this.#subscription !== 0) this.#events.closed(this.#subscription);
  }

  #send(down: PortDown): void {
    switch (down.type) {
      case 'frame':
        this.#socket.send(this.#binary(mediaKinds.frame, down, this.#payloadType, down.key, down.cached));
        return;
      case 'audio':
        this.#socket.send(this.#binary(mediaKinds.audio, down, down.payloadType, false, false));
        return;
      case 'sound':
        this.#socket.send(this.#binary(mediaKinds.sound, down, down.payloadType, false, false));
        return;
      case 'start':
        this.#payloadType = payloadTypes[down.codec];
        this.#text({ ...down, parameterSets: down.parameterSets.map(set => Buffer.from(set).toString('base64')) });
        return;
      default:
        this.#text(down);
    }
  }

  #text(message: object): void {
    this.#socket.send(JSON.stringify({ type: 'media', subscription: this.#subscription, message }));
  }

  #binary(
    kind: MediaHeader['kind'],
    down: PortDown & { type: 'frame' | 'audio' | 'sound' },
    payloadType: number,
    key: boolean,
    cached: boolean,
  ): Buffer {
    const { seq, ptsMs, receivedAt, data } = down;
    return encodeMedia(
      { kind, key, cached, payloadType, subscription: this.#subscription, seq, ptsMs, receivedAt },
      data,
    );
  }
}

/** The microphone's samples are base64 in JSON: 16 bits, little-endian. What does not fit is left for the port to refuse. */
function withSamples(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'sound')
    return message;
  if (!('data' in message) || typeof message.data !== 'string') return message;
  const bytes = Buffer.from(message.data, 'base64');
  const data = new Int16Array(bytes.length >> 1);
  for (let at = 0; at < data.length; at++) data[at] = bytes.readInt16LE(2 * at);
  return { ...message, data };
}

/** The console's end, as far as the server has one: a token that is posted over the control port. */
export class FarMediaPort implements Port {
  readonly near: SocketMediaPort;

  constructor(near: SocketMediaPort) {
    this.near = near;
  }

  post(): void {}
  onMessage(): void {}
  onClose(): void {}
  close(): void {}
}
