import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const patienceMs = 20_000;

export interface SeenFrame {
  readonly data: Buffer;
  readonly key: boolean;
  readonly timestamp: number;
  /** Binary form only. */
  readonly cached?: boolean;
  readonly deviceMs?: number;
  readonly number?: number;
  readonly payloadType?: number;
}

export type Text = Record<string, unknown> & { type: string };

/** A client of /ws/video, written from docs/web-door.md. Frames are kept per camera, as the server names it. */
export class VideoViewer {
  readonly #socket: WebSocket;
  readonly #frames = new Map<string, SeenFrame[]>();
  readonly #numbers = new Map<number, string>();
  readonly texts: Text[] = [];
  closeCode = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', code => {
      this.closeCode = code;
    });
    socket.on('message', (bytes, isBinary) => {
      if (isBinary) this.#binary(bytes as Buffer);
      else this.#text(JSON.parse((bytes as Buffer).toString('utf8')) as Text);
    });
  }

  static async open(door: string, query = ''): Promise<VideoViewer> {
    const socket = new WebSocket(`${door.replace(/^http/, 'ws')}/ws/video${query}`);
    const viewer = new VideoViewer(socket);
    await once(socket, 'open');
    return viewer;
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** Resolves with the answer, `subscribed` or `error`. */
  async subscribe(vehicleId: string, channel: number, more: object = {}): Promise<Text> {
    const from = this.texts.length;
    this.send({ type: 'subscribe', vehicleId, channel, ...more });
    return this.text(
      text => ['subscribed', 'error'].includes(text.type) && text.vehicleId === vehicleId && text.channel === channel,
      from,
    );
  }

  async unsubscribe(vehicleId: string, channel: number, more: object = {}): Promise<Text> {
    const from = this.texts.length;
    this.send({ type: 'unsubscribe', vehicleId, channel, ...more });
    return this.text(text => ['unsubscribed', 'error'].includes(text.type) && text.vehicleId === vehicleId, from);
  }

  /** Frames of a camera so far, in order. */
  frames(vehicleId: string, channel: number, stream?: string): SeenFrame[] {
    return this.#frames.get(nameOf(vehicleId, channel, stream)) ?? [];
  }

  /** Waits until there are `count` of them. */
  async some(vehicleId: string, channel: number, count: number, withinMs = patienceMs): Promise<SeenFrame[]> {
    const end = performance.now() + withinMs;
    while (this.frames(vehicleId, channel).length < count) {
      if (performance.now() > end)
        throw new Error(`${this.frames(vehicleId, channel).length} of ${count} frames of ${vehicleId}_${channel}`);
      await sleep(5);
    }
    return this.frames(vehicleId, channel);
  }

  async text(fits: (text: Text) => boolean, from = 0, withinMs = patienceMs): Promise<Text> {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = this.texts.slice(from).find(fits);
      if (found) return found;
      if (performance.now() > end) throw new Error(`never said; what was: ${JSON.stringify(this.texts.slice(from))}`);
      await sleep(5);
    }
  }

  /** Stops reading; the operating system's buffers fill, then the server's. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.resume();
    this.#socket.terminate();
    await closed;
  }

  #text(text: Text): void {
    if (text.type !== 'frame') {
      this.texts.push(text);
      if (text.type === 'subscribed' && typeof text.subscription === 'number')
        this.#numbers.set(text.subscription, cameraOf(text));
      return;
    }
    const data = Buffer.from(text.data as string, 'base64');
    if (data.length !== text.size) throw new Error('size is not that of the data');
    this.#keep(cameraOf(text), { data, key: text.isIFrame as boolean, timestamp: text.timestamp as number });
  }

  #binary(bytes: Buffer): void {
    if (bytes[0] !== 1 || bytes[1] !== 1) throw new Error('not layout 1, kind 1');
    const camera = this.#numbers.get(bytes.readUInt32BE(4));
    if (camera === undefined) throw new Error('a frame of a subscription that was not announced');
    this.#keep(camera, {
      data: Buffer.from(bytes.subarray(32)),
      key: (bytes[2]! & 1) !== 0,
      cached: (bytes[2]! & 2) !== 0,
      payloadType: bytes[3]!,
      number: bytes.readUInt32BE(8),
      deviceMs: bytes.readDoubleBE(16),
      timestamp: bytes.readDoubleBE(24),
    });
  }

  #keep(camera: string, frame: SeenFrame): void {
    const frames = this.#frames.get(camera);
    if (frames) frames.push(frame);
    else this.#frames.set(camera, [frame]);
  }
}

function cameraOf(text: Text): string {
  return nameOf(text.vehicleId as string, text.channel as number, text.stream as string | undefined);
}

function nameOf(vehicleId: string, channel: number, stream?: string): string {
  return `${vehicleId}_${channel}${stream ? `_${stream}` : ''}`;
}
