import type { DecodeDown, DecodeUp, PictureTarget, TileReport } from './decode-messages.ts';
import type { EngineListener, StreamStart } from './engine.ts';
import type { MediaPort } from './media-port.ts';

export interface TileListener extends EngineListener {
  report(report: TileReport): void;
}

/** The page's end of the decode worker, which is started with the first tile. */
export class DecodeHost {
  static #ofPage: DecodeHost | undefined;
  readonly #tiles = new Map<number, TileListener>();
  #worker: Worker | undefined;
  #nextTile = 1;

  /** One per page: decoders of all its players share a thread. */
  static ofPage(): DecodeHost {
    DecodeHost.#ofPage ??= new DecodeHost();
    return DecodeHost.#ofPage;
  }

  /** Hands the port over. Returns the number to speak of the tile by. */
  open(port: MediaPort, target: PictureTarget, listener: TileListener, start?: StreamStart): number {
    const tile = this.#nextTile;
    this.#nextTile += 1;
    this.#tiles.set(tile, listener);
    const own = port instanceof MessagePort ? port : relay(port);
    const message: DecodeUp = { type: 'open', tile, port: own, target, ...(start ? { start } : {}) };
    this.#send(message, [own, 'track' in target ? target.track : target.canvas]);
    return tile;
  }

  hide(tile: number, hidden: boolean): void {
    this.#send({ type: 'hide', tile, hidden });
  }

  hold(tile: number, ms: number): void {
    this.#send({ type: 'hold', tile, ms });
  }

  close(tile: number): void {
    this.#tiles.delete(tile);
    this.#send({ type: 'close', tile });
  }

  #send(message: DecodeUp, transfer: Transferable[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module', name: 'decode' });
    worker.onmessage = event => this.#take(event.data as DecodeDown);
    worker.onerror = event => {
      event.preventDefault();
      for (const tile of this.#tiles.values()) tile.end('internal', event.message || 'the decode worker failed');
    };
    return worker;
  }

  #take(message: DecodeDown): void {
    if (message.type === 'reports') {
      for (const report of message.reports) this.#tiles.get(report.tile)?.report(report);
      return;
    }
    const tile = this.#tiles.get(message.tile);
    if (!tile) return;
    switch (message.type) {
      case 'status':
        tile.status(message.status);
        return;
      case 'start':
        tile.start(message.start);
        return;
      case 'end':
        tile.end(message.code, message.message);
        return;
      case 'picture':
        tile.picture();
        return;
      case 'unfit':
        tile.unfit();
        return;
    }
  }
}

/** A port that cannot be handed to a worker (the web door's) is read here and passed on without copying. */
function relay(port: MediaPort): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port.onmessage = event => {
    const { data } = event;
    port1.postMessage(data, data.type === 'frame' ? [data.data.buffer] : []);
  };
  port1.onmessage = event => {
    port.postMessage(event.data);
    if (event.data.type !== 'close') return;
    port.close();
    port1.close();
  };
  port.start();
  return port2;
}
