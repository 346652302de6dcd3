import type { Server, Socket } from 'node:net';
import { FtpSrv } from 'ftp-srv';
import { createLogger } from './quiet-log.ts';

/** What the library keeps of one transfer's way: nothing yet (`type` false), or a socket, or a port that waits for one. */
export interface FtpConnector {
  readonly type: false | 'active' | 'passive';
  readonly connection: unknown;
  dataSocket: (Socket & { connected?: boolean }) | null;
  waitForConnection(): Promise<unknown>;
  closeServer(): void;
}

/** The library's connection, as far as it is used or mended here. */
export interface FtpPeer {
  readonly id: string;
  readonly commandSocket: Socket;
  readonly commands: { handle(line: string): PromiseLike<unknown> };
  readonly authenticated?: boolean;
  username: string | undefined;
  server: FtpLibrary;
  connector: FtpConnector;
  reply(code: number, words: string): PromiseLike<unknown>;
}

export type LoginAnswer = (config: { fs: unknown }) => void;

/** The library's server, as far as it is used or mended here. */
export interface FtpLibrary {
  readonly server: Server;
  readonly options: { pasv_url: string | ((remote: string) => string) };
  getNextPasvPort(): Promise<number>;
  emitPromise(event: string, ...data: unknown[]): Promise<unknown>;
  on(event: 'connect' | 'disconnect', listener: (data: { connection: FtpPeer }) => void): unknown;
  on(
    event: 'login',
    listener: (
      data: { connection: FtpPeer; username: string; password: string },
      resolve: LoginAnswer,
      reject: (error: Error) => void,
    ) => void,
  ): unknown;
  on(
    event: 'convoy:wait',
    listener: (
      connector: FtpConnector,
      peer: FtpPeer,
      resolve: (socket: Socket) => void,
      reject: (error: Error) => void,
    ) => void,
  ): unknown;
  removeAllListeners(): unknown;
}

/** What a terminal needs to bring files, and what common clients ask first. Nothing reads, renames or deletes. */
const verbs = [
  ...['USER', 'PASS', 'QUIT', 'NOOP', 'SYST', 'FEAT', 'OPTS', 'TYPE', 'MODE', 'STRU', 'ALLO'],
  ...['PWD', 'XPWD', 'CWD', 'XCWD', 'CDUP', 'XCUP', 'MKD', 'XMKD', 'LIST', 'NLST', 'SIZE'],
  ...['PASV', 'EPSV', 'PORT', 'EPRT', 'REST', 'STOR', 'APPE', 'ABOR'],
];
const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;

/** The library's server, not listening yet. @param host that it and its passive transfers bind to */
export function ftpLibrary(host: string): FtpLibrary {
  const before = new Map(signals.map(signal => [signal, new Set(process.listeners(signal))]));
  const library = new FtpSrv({
    url: `ftp://${host.includes(':') ? `[${host}]` : host}:0`,
    pasv_url: '127.0.0.1',
    whitelist: verbs,
    log: createLogger(),
  } as ConstructorParameters<typeof FtpSrv>[0]);
  // It would end the program on its own at a signal, with whatever others were about to write.
  for (const signal of signals)
    for (const listener of process.listeners(signal))
      if (!before.get(signal)?.has(listener)) process.removeListener(signal, listener);
  return library as unknown as FtpLibrary;
}
