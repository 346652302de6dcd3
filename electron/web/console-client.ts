import type { Clock } from '../clock.ts';
import { ConsoleLink, type LinkSettings } from '../ipc/console-link.ts';
import type { Desk } from '../ipc/desk.ts';
import type { Channel, Port } from '../ipc/port.ts';
import type { Tally } from '../tally.ts';
import type { ClientHandler, ClientSocket } from './client-socket.ts';
import { FarMediaPort, SocketMediaPort } from './socket-media-port.ts';

export interface ConsoleClientParts {
  readonly socket: ClientSocket;
  readonly desk: Desk;
  readonly settings: LinkSettings;
  readonly tally: Tally;
  readonly clock: Clock;
  closed(): void;
}

/** A console in a browser: the contract's control port and media ports, all on one WebSocket. */
export class ConsoleClient implements ClientHandler {
  readonly #parts: ConsoleClientParts;
  readonly #ports = new Map<number, SocketMediaPort>();
  readonly #link: ConsoleLink;
  #control: (message: unknown) => void = () => undefined;

  constructor(parts: ConsoleClientParts) {
    this.#parts = parts;
    const { desk, settings, tally, clock } = parts;
    this.#link = new ConsoleLink({
      control: this.#controlPort(),
      makeChannel: () => this.#makeChannel(),
      desk,
      settings,
      tally,
      clock,
      host: 'web',
    });
    parts.socket.listen(this);
  }

  /** The server stops: players are told. */
  end(): void {
    this.#link.end('shuttingDown');
  }

  text(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.#parts.tally.add('web.badConsoleMessage');
      return;
    }
    if (!isMediaMessage(message)) this.#control(message);
    else this.#ports.get(message.subscription)?.deliver(message.message);
  }

  closed(): void {
    this.#link.close();
    this.#parts.closed();
  }

  /** Its life is the WebSocket's, which the door ends. */
  #controlPort(): Port {
    const { socket } = this.#parts;
    return {
      post: (message, ports = []) => {
        socket.send(JSON.stringify(message));
        const opened = message as { subscription?: number };
        for (const far of ports)
          if (far instanceof FarMediaPort && opened.subscription !== undefined) far.near.open(opened.subscription);
      },
      onMessage: run => {
        this.#control = run;
      },
      onClose: () => undefined,
      close: () => undefined,
      full: () => socket.full(),
    };
  }

  #makeChannel(): Channel {
    const near = new SocketMediaPort(this.#parts.socket, {
      opened: number => this.#ports.set(number, near),
      closed: number => this.#ports.delete(number),
    });
    return { near, far: new FarMediaPort(near) };
  }
}

function isMediaMessage(message: unknown): message is { type: 'media'; subscription: number; message: unknown } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'media' &&
    'subscription' in message &&
    typeof message.subscription === 'number' &&
    'message' in message
  );
}
