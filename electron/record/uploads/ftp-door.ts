import { timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer, isIPv4 } from 'node:net';
import type { Clock } from '../../clock.ts';
import { ConvoyError } from '../../errors.ts';
import { isLoopback } from '../../loopback.ts';
import type { Tally } from '../../tally.ts';
import { type FtpAccount, FtpAccountFiles } from './ftp-account.ts';
import { FtpLine, ownIpv4 } from './ftp-line.ts';
import { type FtpConnector, type FtpLibrary, type FtpPeer, ftpLibrary } from './ftp-server.ts';
import type { UploadStream } from './upload-stream.ts';

const maxLogins = 3;
/** Logins that failed from one address within `strikesMs`, after which its connections are closed at once. */
const maxStrikes = 20;
const strikesMs = 60_000;
const maxAddresses = 1000;
const maxPerAccount = 4;
const transferWaitMs = 10_000;
const lookMs = 25;
const tickMs = 1000;

export interface FtpDoorParts {
  readonly settings: {
    readonly host: string;
    readonly ftpPort: number;
    readonly ftpHost: string;
    readonly mediaAddress: string;
    readonly ftpPassiveFrom: number;
    readonly ftpPassiveTo: number;
    readonly ftpIdleMs: number;
    readonly maxFtpConnections: number;
  };
  readonly clock: Clock;
  readonly tally: Tally;
  account(user: string): FtpAccount | undefined;
}

interface Caller {
  readonly peer: FtpPeer;
  readonly streams: Set<UploadStream>;
  account: FtpAccount | undefined;
  logins: number;
  touchedAt: number;
}

/** The FTP server that vehicles upload to. Each account sees one folder; who has none sees nothing. */
export class FtpDoor {
  readonly #parts: FtpDoorParts;
  readonly #callers = new Map<FtpPeer, Caller>();
  readonly #strikes = new Map<string, number>();
  #library: FtpLibrary | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stops: (() => void)[] = [];
  #nextPassive = 0;

  constructor(parts: FtpDoorParts) {
    this.#parts = parts;
  }

  /** The port that it listens on; 0 while it is closed. */
  get port(): number {
    return (this.#library?.server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Does nothing when it is open. @throws ConvoyError portInUse, listenFailed */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#library) await this.#listen();
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const library = this.#library;
      this.#library = undefined;
      for (const stop of this.#stops) stop();
      this.#stops = [];
      for (const caller of this.#callers.values()) end(caller);
      if (!library) return;
      await new Promise<void>(done => library.server.close(() => done()));
      library.removeAllListeners();
    });
  }

  /** One opens it while another still closes it: the port is free only then. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Its credentials are void: whoever is logged in with them is sent away. */
  dismiss(user: string): void {
    for (const caller of this.#callers.values()) if (caller.account?.user === user) end(caller);
  }

  /** Files of an account that are written now. */
  writing(user: string): number {
    let count = 0;
    for (const { account, streams } of this.#callers.values()) if (account?.user === user) count += streams.size;
    return count;
  }

  async #listen(): Promise<void> {
    const { settings, clock, tally } = this.#parts;
    const library = ftpLibrary(settings.host);
    const { server } = library;
    server.maxConnections = settings.maxFtpConnections;
    server.on('drop', () => tally.add('upload.tooManyConnections'));
    library.getNextPasvPort = () => this.#passivePort();
    library.on('connect', ({ connection }) => this.#connected(connection));
    library.on('login', ({ connection, username, password }, resolve, reject) => {
      const files = this.#login(connection, username, password);
      if (files) resolve({ fs: files });
      else reject(new Error('Not logged in'));
    });
    library.on('convoy:wait', (connector, peer, resolve, reject) => this.#wait(connector, peer, resolve, reject));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.ftpPort, settings.host, () => {
        server.off('error', reject);
        resolve();
      });
    }).catch((error: NodeJS.ErrnoException) => {
      library.removeAllListeners();
      throw new ConvoyError(error.code === 'EADDRINUSE' ? 'portInUse' : 'listenFailed', `FTP ${settings.ftpPort}`);
    });
    this.#library = library;
    this.#stops = [clock.every(tickMs, () => this.#tick()), clock.every(strikesMs, () => this.#strikes.clear())];
  }

  #connected(peer: FtpPeer): void {
    const { settings, tally, clock } = this.#parts;
    const { commandSocket } = peer;
    const caller: Caller = {
      ...{ peer, streams: new Set(), account: undefined, logins: 0 },
      touchedAt: clock.monotonic(),
    };
    this.#callers.set(peer, caller);
    commandSocket.once('close', () => {
      this.#callers.delete(peer);
      peer.connector.dataSocket?.destroy();
      for (const stream of caller.streams) if (!stream.writableEnded) stream.destroy();
    });
    if ((this.#strikes.get(commandSocket.remoteAddress ?? '') ?? 0) >= maxStrikes) {
      tally.add('upload.tooManyLogins');
      commandSocket.destroy();
      return;
    }
    const passive = [settings.ftpHost, settings.mediaAddress].find(isIPv4) ?? '';
    const own = ownIpv4(commandSocket);
    // One beside us cannot reach the address that a router has.
    const passiveAddress = passive === '' || isLoopback(own) ? own : passive;
    peer.server = Object.create(peer.server, {
      options: { value: { ...peer.server.options, pasv_url: () => passiveAddress } },
    }) as FtpLibrary;
    new FtpLine({
      ...{ peer, passiveAddress },
      touched: () => {
        caller.touchedAt = clock.monotonic();
      },
      broken: reason => {
        tally.add(`upload.${reason}`);
        end(caller);
      },
    });
  }

  #login(peer: FtpPeer, user: string, password: string): FtpAccountFiles | undefined {
    const { tally } = this.#parts;
    const caller = this.#callers.get(peer);
    const account = this.#parts.account(user);
    if (!caller) return undefined;
    const mates = [...this.#callers.values()].filter(each => account && each.account === account).length;
    if (!account || !isSame(password, account.password) || mates >= maxPerAccount) {
      tally.add('upload.loginRefused');
      const address = peer.commandSocket.remoteAddress ?? '';
      if (this.#strikes.size < maxAddresses || this.#strikes.has(address))
        this.#strikes.set(address, (this.#strikes.get(address) ?? 0) + 1);
      // Told first, then sent away.
      if (++caller.logins >= maxLogins) setImmediate(() => peer.commandSocket.destroySoon());
      return undefined;
    }
    caller.account = account;
    return new FtpAccountFiles(account, {
      opened: stream => {
        caller.streams.add(stream);
        // The library does not notice a socket that closes without an end.
        peer.connector.dataSocket?.once('close', () =>
          setImmediate(() => {
            if (!stream.writableEnded) stream.destroy(new Error('The transfer broke off'));
          }),
        );
      },
      closed: stream => {
        caller.streams.delete(stream);
        caller.touchedAt = this.#parts.clock.monotonic();
      },
    });
  }

  #wait(
    connector: FtpConnector,
    { commandSocket }: FtpPeer,
    resolve: (socket: NonNullable<FtpConnector['dataSocket']>) => void,
    reject: (error: Error) => void,
  ): void {
    const { clock } = this.#parts;
    const until = clock.monotonic() + transferWaitMs;
    const look = (): void => {
      const { dataSocket } = connector;
      if (dataSocket?.connected) resolve(dataSocket);
      else if (connector.type === false) reject(new Error('Say PASV or PORT first'));
      else if (commandSocket.destroyed || clock.monotonic() > until) reject(new Error('No connection came'));
      else clock.after(lookMs, look);
    };
    look();
  }

  #tick(): void {
    const { settings, clock, tally } = this.#parts;
    for (const caller of this.#callers.values()) {
      let moved = 0;
      for (const stream of caller.streams) moved += stream.takeMoved();
      if (moved > 0 || caller.account?.mayRest()) caller.touchedAt = clock.monotonic();
      if (clock.monotonic() - caller.touchedAt < settings.ftpIdleMs) continue;
      tally.add('upload.idle');
      end(caller);
    }
  }

  /** The next one of the range that is free. */
  async #passivePort(): Promise<number> {
    const { host, ftpPassiveFrom, ftpPassiveTo } = this.#parts.settings;
    const from = ftpPassiveFrom || ftpPassiveTo;
    if (from === 0) return 0;
    const count = Math.max(1, ftpPassiveTo - from + 1);
    for (let tried = 0; tried < count; tried++) {
      const port = from + (this.#nextPassive++ % count);
      if (await isFree(host, port)) return port;
    }
    this.#parts.tally.add('upload.noPassivePort');
    throw new Error('No port is free');
  }
}

function end({ peer, streams }: Caller): void {
  for (const stream of streams) if (!stream.writableEnded) stream.destroy();
  peer.connector.dataSocket?.destroy();
  peer.connector.closeServer();
  peer.commandSocket.destroy();
}

function isSame(given: string, right: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
