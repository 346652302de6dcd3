import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer, PeerHandler } from '../../electron/accept/peer.ts';
import { PeerQuota } from '../../electron/accept/peer-quota.ts';
import { TcpAcceptor } from '../../electron/accept/tcp-acceptor.ts';
import { UdpAcceptor } from '../../electron/accept/udp-acceptor.ts';
import { Delimiter } from '../../electron/codec/delimiter.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { Link } from '../../electron/device/link.ts';
import type { Received } from '../../electron/device/received.ts';
import { Terminals } from '../../electron/device/terminals.ts';
import { type Log, silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { HandTerminal } from './hand-terminal.ts';

/** Two real ports with the accept, codec and device stages behind them; time stands still until a test moves it. */
export class Station {
  readonly clock = new ManualClock();
  readonly tally = new Tally();
  readonly settings: Settings;
  readonly dataDir: string;
  readonly terminals: Terminals;
  /** `online 13912345678`, in order. */
  readonly events: string[] = [];
  readonly changed: string[] = [];
  readonly notices: string[] = [];
  /** What services were handed. */
  readonly received: Received[] = [];
  /** Who hears of it answers pictures. */
  keepsPictures = false;
  readonly logged: { fields: object; text: string }[] = [];
  readonly ports = { signal: 0, media: 0, udp: 0 };
  udpPort = 0;
  readonly #acceptors: TcpAcceptor[];
  readonly #udp: UdpAcceptor;
  readonly #dialled: HandTerminal[] = [];
  readonly #ownsFolder: boolean;

  private constructor(dataDir: string, ownsFolder: boolean, settings: Partial<Settings>, udpHost: string) {
    this.dataDir = dataDir;
    this.#ownsFolder = ownsFolder;
    this.settings = { ...defaultSettings(), ...settings };
    const { clock, tally } = this;
    const log: Log = { ...silentLog, info: (fields, text) => this.logged.push({ fields, text }), child: () => log };
    this.terminals = new Terminals({
      clock,
      tally,
      settings: this.settings,
      log,
      dataDir,
      ports: () => this.ports,
      changed: id => this.changed.push(id),
      removed: id => this.events.push(`removed ${id}`),
      online: id => this.events.push(`online ${id}`),
      offline: id => this.events.push(`offline ${id}`),
      notice: (level, text) => this.notices.push(`${level} ${text}`),
      received: received => {
        this.received.push(received);
        return this.keepsPictures && received.reading.id === 0x0801;
      },
    });
    const quota = new PeerQuota(this.settings);
    const acceptor = () =>
      new TcpAcceptor({
        host: '127.0.0.1',
        port: 0,
        settings: this.settings,
        clock,
        tally,
        log,
        quota,
        accept: peer => this.#handler(peer),
      });
    this.#acceptors = [acceptor(), acceptor()];
    this.#udp = new UdpAcceptor({
      host: udpHost,
      port: 0,
      settings: this.settings,
      clock,
      tally,
      log,
      datagram: (source, bytes) =>
        this.#delimiter(source, () => {
          source.recognised('signal');
        }).push(bytes),
      sourceClosed: source => this.terminals.linkClosed(source),
    });
  }

  /** @param dataDir a folder that outlives the station; its own when absent */
  static async open(settings: Partial<Settings> = {}, dataDir?: string, udpHost = '127.0.0.1'): Promise<Station> {
    const station = new Station(dataDir ?? (await dataFolder()), dataDir === undefined, settings, udpHost);
    await station.terminals.open();
    const [signal, media] = await Promise.all(station.#acceptors.map(acceptor => acceptor.listen()));
    station.ports.signal = signal?.port ?? 0;
    station.ports.media = media?.port ?? 0;
    station.ports.udp = station.ports.media;
    station.udpPort = (await station.#udp.listen()).port;
    return station;
  }

  async dial(phone: string, port: 'signal' | 'media' = 'signal', from?: string): Promise<HandTerminal> {
    const terminal = await HandTerminal.dial(this.ports[port], phone, from);
    this.#dialled.push(terminal);
    return terminal;
  }

  get connections(): number {
    return this.#acceptors.reduce((sum, acceptor) => sum + acceptor.count, 0);
  }

  /** As the program stops: ports first, then the roster is written. */
  async close(): Promise<void> {
    await Promise.all([...this.#acceptors, this.#udp].map(acceptor => acceptor.close()));
    await this.terminals.close();
    for (const { socket } of this.#dialled) socket.destroy();
    if (this.#ownsFolder) await rm(this.dataDir, { recursive: true, force: true });
  }

  #handler(peer: Peer): PeerHandler {
    const delimiter = this.#delimiter(peer, kind => peer.recognised(kind));
    return {
      data: chunk => {
        delimiter.push(chunk);
        if (delimiter.junkBytes > this.settings.maxJunkBytes) peer.close('unrecognised');
      },
      closed: () => this.terminals.linkClosed(peer),
    };
  }

  #delimiter(link: Link, recognised: (kind: 'signal' | 'media') => void): Delimiter {
    return new Delimiter({
      tally: this.tally,
      settings: this.settings,
      knows: id => this.terminals.isKnown(id),
      sink: {
        message: message => {
          recognised('signal');
          this.terminals.message(link, message);
        },
        packet: () => recognised('media'),
      },
    });
  }
}

export function dataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'convoy-roster-'));
}
