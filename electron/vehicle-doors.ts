import type { DatagramSource } from './accept/datagram-source.ts';
import type { Peer, PeerHandler } from './accept/peer.ts';
import { PeerQuota } from './accept/peer-quota.ts';
import { TcpAcceptor } from './accept/tcp-acceptor.ts';
import { UdpAcceptor } from './accept/udp-acceptor.ts';
import type { Clock } from './clock.ts';
import { readDatagram } from './codec/datagram.ts';
import { Delimiter } from './codec/delimiter.ts';
import { frameFlag, type Message } from './codec/jt808/frame.ts';
import type { Packet } from './codec/jt1078/packet.ts';
import { SimTable } from './codec/jt1078/sim-table.ts';
import type { Settings } from './config.ts';
import type { ErrorCode } from './contract.ts';
import type { Link } from './device/link.ts';
import type { Terminals } from './device/terminals.ts';
import type { MediaIntake } from './frames/media-intake.ts';
import type { MediaSource } from './frames/media-source.ts';
import type { Log } from './log.ts';
import type { Tally } from './tally.ts';

export interface VehicleDoorsParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly terminals: Terminals;
  readonly intake: MediaIntake;
}

interface Door {
  readonly address: string;
  readonly port: number;
}

/** Wires the ports that vehicles reach: bytes of a socket become messages of terminals and packets of streams. */
export class VehicleDoors {
  readonly #parts: VehicleDoorsParts;
  readonly #quota: PeerQuota;
  #udp: UdpAcceptor | undefined;
  #bytes = 0;
  #packets = 0;

  constructor(parts: VehicleDoorsParts) {
    this.#parts = parts;
    this.#quota = new PeerQuota(parts.settings);
  }

  /** Open now, of all TCP ports. */
  get connections(): number {
    return this.#quota.count;
  }

  /** That the kernel granted for UDP, bytes; 0 when unknown. */
  get receiveBuffer(): number {
    return this.#udp?.receiveBuffer ?? 0;
  }

  /** What came since this was last asked. */
  takeCounts(): { bytes: number; packets: number } {
    const counts = { bytes: this.#bytes, packets: this.#packets };
    this.#bytes = 0;
    this.#packets = 0;
    return counts;
  }

  /** Both protocols on every TCP port: what the delimiter finds decides, not the port. */
  tcp(door: Door): TcpAcceptor {
    const { settings, clock, tally, log } = this.#parts;
    return new TcpAcceptor({
      host: door.address,
      port: door.port,
      ...{ settings, clock, tally, log },
      quota: this.#quota,
      accept: peer => this.#connection(peer),
    });
  }

  #connection(peer: Peer): PeerHandler {
    const { remote, localAddress, transport } = peer;
    const source: MediaSource = { id: `tcp-${peer.id}`, transport, remote, localAddress };
    const { maxJunkBytes } = this.#parts.settings;
    const delimiter = this.#delimiter(peer, source);
    return {
      data: chunk => {
        this.#bytes += chunk.length;
        delimiter.push(chunk);
        const { junkBytes: junk, position } = delimiter;
        if (junk <= maxJunkBytes) return;
        this.#parts.log.warn({ peer: remote, position, junk }, 'neither 808 nor 1078');
        peer.close('unrecognised');
      },
      closed: (_code: ErrorCode) => {
        this.#parts.terminals.linkClosed(peer);
        this.#parts.intake.sourceClosed(source);
      },
    };
  }

  udp(door: Door): UdpAcceptor {
    const { settings, clock, tally, log } = this.#parts;
    let source: DatagramSource | undefined;
    const reading = {
      tally,
      settings,
      sims: new SimTable(),
      knows: (terminal: string) => this.#parts.terminals.isKnown(terminal),
      packet: (packet: Packet) => {
        this.#packets++;
        if (source) this.#parts.intake.packet(source, packet);
      },
    };
    this.#udp = new UdpAcceptor({
      host: door.address,
      port: door.port,
      ...{ settings, clock, tally, log },
      datagram: (from, bytes) => {
        this.#bytes += bytes.length;
        source = from;
        // 808-2013 §4.2 allows UDP: such a datagram begins with a flag, as none of 1078 does.
        if (bytes[0] === frameFlag) this.#delimiter(from, from).push(bytes);
        else readDatagram(bytes, reading);
      },
      sourceClosed: from => {
        this.#parts.terminals.linkClosed(from);
        this.#parts.intake.sourceClosed(from);
      },
    });
    return this.#udp;
  }

  #delimiter(link: Link & Pick<Peer, 'recognised'>, source: MediaSource): Delimiter {
    return new Delimiter({
      ...{ tally: this.#parts.tally, settings: this.#parts.settings },
      knows: terminal => this.#parts.terminals.isKnown(terminal),
      sink: {
        message: (message: Message) => {
          link.recognised('signal');
          this.#parts.terminals.message(link, message);
        },
        packet: (packet: Packet) => {
          this.#packets++;
          link.recognised('media');
          this.#parts.intake.packet(source, packet);
        },
      },
    });
  }
}
