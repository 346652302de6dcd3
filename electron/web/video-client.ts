import { normaliseTerminalId } from '../codec/terminal-id.ts';
import { type ErrorCode, errorCodes } from '../contract.ts';
import type { Desk } from '../ipc/desk.ts';
import type { Tally } from '../tally.ts';
import type { ClientHandler, ClientSocket } from './client-socket.ts';
import { type Asked, askedBy, askedByFaulty, type VideoRequest, videoRequest } from './video-request.ts';
import { type FrameText, VideoStream } from './video-stream.ts';

export interface VideoClientParts {
  readonly socket: ClientSocket;
  readonly desk: Desk;
  readonly settings: { readonly maxSubscriptions: number };
  readonly tally: Tally;
  readonly frameText: FrameText;
  /** What a subscription without `format` is given. */
  readonly format: 'json' | 'binary';
  closed(): void;
}

/** A client of `/ws/video`. Nothing that it says ends its connection. */
export class VideoClient implements ClientHandler {
  readonly #parts: VideoClientParts;
  readonly #streams = new Map<string, VideoStream>();
  #numbers = 0;

  constructor(parts: VideoClientParts) {
    this.#parts = parts;
    parts.socket.listen(this);
  }

  text(text: string, oversized: boolean): void {
    if (oversized) {
      this.#refuse('badRequest', 'the message is too long', {});
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.#refuse('badRequest', 'not JSON', {});
      return;
    }
    const { success, data: request, error } = videoRequest.safeParse(message);
    if (!success) {
      this.#refuse('badRequest', faultOf(error.issues[0]), askedByFaulty(message));
    } else if (request.type === 'subscribe') this.#subscribe(request);
    else this.#unsubscribe(request);
  }

  closed(): void {
    for (const stream of [...this.#streams.values()]) stream.close();
    this.#streams.clear();
    this.#parts.closed();
  }

  #subscribe(request: VideoRequest & { type: 'subscribe' }): void {
    const { socket, desk, settings, frameText } = this.#parts;
    const asked = askedBy(request);
    const name = this.#nameOf(request);
    if (this.#streams.has(name)) {
      this.#refuse('alreadySubscribed', '', asked);
      return;
    }
    if (this.#streams.size >= settings.maxSubscriptions) {
      this.#refuse('tooManySubscriptions', '', asked);
      return;
    }
    const format = request.format ?? this.#parts.format;
    const number = ++this.#numbers;
    const stream = new VideoStream({
      socket,
      asked,
      number,
      format,
      frameText,
      failed: (code, message) => this.#refuse(code, message, asked),
      ended: (code, message) => {
        this.#streams.delete(name);
        this.#refuse(code, message, asked);
      },
    });
    this.#streams.set(name, stream);
    const { vehicleId, channel, stream: kind = 'main' } = request;
    const subscribed = desk.subscribe({ vehicleId, channel, stream: kind }, stream);
    if (!subscribed.ok) {
      this.#streams.delete(name);
      this.#refuse(subscribed.code, subscribed.message, asked);
      return;
    }
    this.#say({ type: 'subscribed', ...asked, ...(format === 'binary' && { subscription: number }) });
    stream.attach(subscribed.value);
  }

  #unsubscribe(request: VideoRequest & { type: 'unsubscribe' }): void {
    const asked = askedBy(request);
    const name = this.#nameOf(request);
    const stream = this.#streams.get(name);
    if (!stream) {
      this.#refuse('notSubscribed', '', asked);
      return;
    }
    this.#streams.delete(name);
    stream.close();
    this.#say({ type: 'unsubscribed', ...asked });
  }

  /** One camera has one name, however its id was written. */
  #nameOf(request: VideoRequest): string {
    return `${normaliseTerminalId(request.vehicleId)}_${request.channel}_${request.stream ?? 'main'}`;
  }

  #refuse(code: ErrorCode, detail: string, asked: Partial<Asked>): void {
    this.#parts.tally.add('web.videoError');
    const message =
      detail.startsWith(errorCodes[code]) || detail === ''
        ? detail || errorCodes[code]
        : `${errorCodes[code]}: ${detail}`;
    this.#say({ type: 'error', code, message, ...asked });
  }

  #say(message: object): void {
    this.#parts.socket.send(JSON.stringify(message));
  }
}

/** The field and what is wrong with it; the message as a whole has no field. */
function faultOf(issue: { readonly path: PropertyKey[]; readonly message: string } | undefined): string {
  if (!issue) return '';
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}
