import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { Delimiter } from '../codec/delimiter.ts';
import type { Message } from '../codec/jt808/frame.ts';
import { defaultSettings } from '../config.ts';
import { Tally } from '../tally.ts';

export interface ReplayLinkOptions {
  readonly host: string;
  readonly port: number;
  message(message: Message): void;
}

/** One connection of a replayed vehicle. What is sent after it broke is not. */
export interface ReplayLink {
  readonly isOpen: boolean;
  /** Resolves when there is room for more. */
  send(bytes: Uint8Array): Promise<boolean>;
  end(): Promise<void>;
}

/** @throws the system's error when the port is not there */
export function openLink(transport: 'tcp' | 'udp', options: ReplayLinkOptions): Promise<ReplayLink> {
  return transport === 'tcp' ? openStream(options) : openDatagrams(options);
}

async function openStream(options: ReplayLinkOptions): Promise<ReplayLink> {
  const socket: Socket = connect({ host: options.host, port: options.port, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  const delimiter = reading(options);
  socket.on('data', (chunk: Buffer) => delimiter.push(chunk));
  return {
    get isOpen() {
      return socket.writable;
    },
    async send(bytes) {
      if (!socket.writable) return false;
      if (!socket.write(bytes))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
      return true;
    },
    async end() {
      if (socket.destroyed) return;
      const closed = once(socket, 'close').catch(() => undefined);
      socket.destroySoon();
      await closed;
    },
  };
}

async function openDatagrams(options: ReplayLinkOptions): Promise<ReplayLink> {
  const socket: DatagramSocket = createSocket(isIPv6(options.host) ? 'udp6' : 'udp4');
  socket.connect(options.port, options.host);
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.on('message', bytes => reading(options).push(bytes));
  let isOpen = true;
  return {
    get isOpen() {
      return isOpen;
    },
    async send(bytes) {
      if (!isOpen) return false;
      await new Promise<void>(done => socket.send(bytes, () => done()));
      return true;
    },
    async end() {
      if (!isOpen) return;
      isOpen = false;
      await new Promise<void>(done => socket.close(() => done()));
    },
  };
}

/** Sound that the server sends is not listened to. */
function reading({ message }: ReplayLinkOptions): Delimiter {
  const sink = { message, packet: () => undefined };
  return new Delimiter({ sink, tally: new Tally(), settings: defaultSettings(), knows: () => false });
}
