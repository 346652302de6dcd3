import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { plainAddress } from './address.ts';

/** `0.0.0.0` or `::`: bound to every address, which says nothing of where a peer reaches us. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/**
 * The address of ours from which the remote is reached: connecting a datagram socket sends nothing and has the system
 * choose the route. Undefined when there is none. Never rejects.
 */
export function localAddressTo(remoteAddress: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = createSocket(isIPv6(remoteAddress) ? 'udp6' : 'udp4');
    const done = (address?: string) => {
      resolve(address);
      socket.close();
    };
    socket.once('error', () => done());
    // Node hands a failure to the callback, which its types leave out.
    socket.connect(port, remoteAddress, (error?: Error) =>
      done(error ? undefined : plainAddress(socket.address().address)),
    );
  });
}
