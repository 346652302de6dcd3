import type { ErrorCode, MediaDown, StreamStatus } from '../../electron/contract.ts';
import type { MediaFrame, StreamStart } from './engine.ts';
import type { MediaPort } from './media-port.ts';

export interface PortIntakeSink {
  status(status: StreamStatus): void;
  start(start: StreamStart): void;
  /** In order, beginning with a key frame, and again with one after every gap. */
  frame(frame: MediaFrame): void;
  end(code: ErrorCode, message: string): void;
}

/** Frames whose credit is given back in one message. */
const creditBatch = 8;

/**
 * The receiving end of a media port: gives credits back as frames are taken, and lets no frame through that refers to one
 * that is missing. A frozen clean picture is better than a smeared one.
 */
export class PortIntake {
  framesReceived = 0;
  framesDropped = 0;
  readonly #port: MediaPort;
  readonly #sink: PortIntakeSink;
  #awaitsKey = true;
  #lastSeq = -1;
  #owed = 0;

  constructor(port: MediaPort, sink: PortIntakeSink) {
    this.#port = port;
    this.#sink = sink;
    port.onmessage = event => this.#take(event.data as MediaDown);
    port.start();
  }

  get awaitsKey(): boolean {
    return this.#awaitsKey;
  }

  /** The decoder lost its references: nothing more until a key frame. */
  requireKey(): void {
    this.#awaitsKey = true;
  }

  /** Credits that do not fill a batch; call now and then. */
  settle(): void {
    if (this.#owed === 0) return;
    this.#port.postMessage({ type: 'credit', frames: this.#owed });
    this.#owed = 0;
  }

  /** Lets go of the port, which is handed on: messages that are not delivered yet go along with it. */
  release(): MediaPort {
    this.settle();
    this.#port.onmessage = null;
    return this.#port;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.postMessage({ type: 'close' });
    this.#port.close();
  }

  #take(message: MediaDown): void {
    switch (message.type) {
      case 'frame':
        this.#frame(message);
        return;
      case 'gap':
        this.#awaitsKey = true;
        return;
      case 'status':
        this.#sink.status(message.status);
        return;
      case 'start':
        this.#sink.start(message);
        return;
      case 'end':
        this.#sink.end(message.code, message.message);
        return;
      case 'audio':
        return;
    }
  }

  #frame(frame: MediaFrame): void {
    this.framesReceived += 1;
    this.#owed += 1;
    if (this.#owed >= creditBatch) this.settle();
    if (this.#lastSeq >= 0 && frame.seq !== this.#lastSeq + 1) this.#awaitsKey = true;
    this.#lastSeq = frame.seq;
    if (frame.key) this.#awaitsKey = false;
    if (this.#awaitsKey) this.framesDropped += 1;
    else this.#sink.frame(frame);
  }
}
