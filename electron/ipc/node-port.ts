import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Channel, Port } from './port.ts';

/** A node MessagePort as a console's port: for consoles in the same process or in a worker. */
export class NodePort implements Port {
  readonly native: MessagePort;
  #open = true;
  #closedHere = false;

  constructor(native: MessagePort) {
    this.native = native;
    native.once('close', () => {
      this.#open = false;
    });
  }

  post(message: unknown, ports: Port[] = []): void {
    if (!this.#open) return;
    this.native.postMessage(
      message,
      ports.filter(port => port instanceof NodePort).map(port => port.native),
    );
  }

  onMessage(run: (message: unknown) => void): void {
    this.native.on('message', run);
  }

  onClose(run: () => void): void {
    this.native.once('close', () => {
      if (!this.#closedHere) run();
    });
  }

  close(): void {
    this.#closedHere = true;
    this.#open = false;
    this.native.close();
  }
}

export function nodeChannel(): Channel {
  const { port1, port2 } = new MessageChannel();
  return { near: new NodePort(port1), far: new NodePort(port2) };
}
