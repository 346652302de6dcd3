import { isIPv4, type Socket } from 'node:net';
import type { FtpConnector, FtpPeer } from './ftp-server.ts';

const maxLineBytes = 1024;
const maxWaiting = 32;
const firstTransferPort = 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const chinese = new TextDecoder('gb18030');

export interface FtpLineParts {
  readonly peer: FtpPeer;
  /** IPv4 address that passive transfers name; empty: none can be named. */
  readonly passiveAddress: string;
  touched(): void;
  broken(reason: 'lineTooLong' | 'tooManyLines'): void;
}

/**
 * Reads the commands of one control connection, whole lines however they were cut, one after the other; the library takes
 * what arrives together for lines. Also keeps one transfer's port and socket at a time: it would leave the former ones open.
 */
export class FtpLine {
  readonly #parts: FtpLineParts;
  #rest: Buffer = Buffer.alloc(0);
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: FtpLineParts) {
    this.#parts = parts;
    const { peer } = parts;
    holdConnector(peer);
    peer.commandSocket.removeAllListeners('data');
    peer.commandSocket.on('data', data => this.#take(data));
  }

  #take(data: Buffer): void {
    const { peer, touched, broken } = this.#parts;
    touched();
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    for (let end = this.#rest.indexOf(10); end >= 0; end = this.#rest.indexOf(10)) {
      const line = textOf(this.#rest.subarray(0, end)).replace(/\r$/, '');
      this.#rest = this.#rest.subarray(end + 1);
      if (line === '' || end > maxLineBytes) continue;
      if (++this.#waiting > maxWaiting) {
        broken('tooManyLines');
        return;
      }
      this.#turn = this.#turn.then(() => this.#obey(line)).catch(() => peer.commandSocket.destroy());
    }
    if (this.#rest.length > maxLineBytes) broken('lineTooLong');
  }

  async #obey(line: string): Promise<void> {
    const { peer, passiveAddress, touched } = this.#parts;
    this.#waiting--;
    if (peer.commandSocket.destroyed) return;
    const [verb = '', ...words] = line.trim().split(' ');
    const command = verb.toUpperCase();
    // One who mistyped may say again who it is.
    if (command === 'USER' && !peer.authenticated) peer.username = undefined;
    if (command === 'PASV' && passiveAddress === '') await peer.reply(522, 'Use EPSV');
    else if (needsName.has(command) && words.join(' ').trim() === '') await peer.reply(501, 'A name is missing');
    else if (command === 'PORT' && !isTransferPort(portOf(words.join('')))) await peer.reply(501, 'Not such a port');
    else if (command === 'EPRT' && !isTransferPort(Number(words.join('').split('|')[3])))
      await peer.reply(501, 'Not such a port');
    else await peer.commands.handle(line);
    touched();
  }
}

const needsName = new Set(['STOR', 'APPE', 'MKD', 'XMKD', 'CWD', 'XCWD', 'SIZE', 'USER', 'PASS']);

function isTransferPort(port: number): boolean {
  return Number.isInteger(port) && port >= firstTransferPort && port <= 65535;
}

/** @param argument `h1,h2,h3,h4,p1,p2` */
function portOf(argument: string): number {
  const numbers = argument.split(',').map(Number);
  return numbers.length === 6 && numbers.every(each => each >= 0 && each <= 255) ? numbers[4]! * 256 + numbers[5]! : -1;
}

/** Terminals name their files in either. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return chinese.decode(bytes);
  }
}

/** The library polls for ever for a transfer's connection: it is waited for here, and given up. */
function holdConnector(peer: FtpPeer): void {
  const { server } = peer;
  let held = peer.connector;
  const mend = (connector: FtpConnector): FtpConnector => {
    connector.waitForConnection = () => server.emitPromise('convoy:wait', connector, peer);
    return connector;
  };
  mend(held);
  Object.defineProperty(peer, 'connector', {
    configurable: true,
    get: () => held,
    set(next: FtpConnector) {
      // One that ended late must not take the place of the next one.
      if (next.type === false && next.connection !== held) return;
      const former = held;
      held = mend(next);
      if (former.type === false) return;
      former.dataSocket?.destroy();
      former.closeServer();
    },
  });
}

/** Of a socket of ours, without the prefix of mapped addresses; empty for IPv6. */
export function ownIpv4(socket: Socket): string {
  const address = (socket.localAddress ?? '').replace(/^::ffff:/i, '');
  return isIPv4(address) ? address : '';
}
