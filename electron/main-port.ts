import type { Channel, Port } from './ipc/port.ts';

/** Electron's MessagePortMain, as far as it is used; named here so that this file runs without Electron. */
export interface NativePort {
  postMessage(message: unknown, transfer?: NativePort[]): void;
  on(event: 'message', run: (event: { data: unknown }) => void): unknown;
  on(event: 'close', run: () => void): unknown;
  start(): void;
  close(): void;
}

/** A MessagePortMain as the server's consoles know ports. */
export class MainPort implements Port {
  readonly native: NativePort;
  #state: 'open' | 'closedHere' | 'closedThere' = 'open';

  constructor(native: NativePort) {
    this.native = native;
  }

  post(message: unknown, ports: Port[] = []): void {
    if (this.#state !== 'open') return;
    const natives = ports.filter(port => port instanceof MainPort).map(port => port.native);
    this.native.postMessage(message, natives);
  }

  onMessage(run: (message: unknown) => void): void {
    this.native.on('message', event => run(event.data));
    this.native.start();
  }

  onClose(run: () => void): void {
    this.native.on('close', () => {
      if (this.#state !== 'open') return;
      this.#state = 'closedThere';
      run();
    });
  }

  close(): void {
    if (this.#state === 'open') this.#state = 'closedHere';
    this.native.close();
  }
}

export function mainChannel(pair: { port1: NativePort; port2: NativePort }): Channel {
  return { near: new MainPort(pair.port1), far: new MainPort(pair.port2) };
}
