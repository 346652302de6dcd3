import type { DatagramSource } from './accept/datagram-source.ts';
import type { Peer, PeerHandler } from './accept/peer.ts';
import { PeerQuota } from './accept/peer-quota.ts';
import { TcpAcceptor } from './accept/tcp-acceptor.ts';
import type { TappedPeer } from './accept/traffic-tap.ts';
import { UdpAcceptor } from './accept/udp-acceptor.ts';
import type { Clock } from './clock.ts';
import { readDatagram } from './codec/datagram.ts';
import { Delimiter } from './codec/delimiter.ts';
import { frameFlag, type Message } from './codec/jt808/frame.ts';
import type { Packet } from './codec/jt1078/packet.ts';
import { SimTable } from './codec/jt1078/sim-table.ts';
import { terminalId } from './codec/terminal-id.ts';
import type { Settings } from './config.ts';
import type { ErrorCode } from './contract.ts';
import type { EvidenceBook } from './device/evidence-book.ts';
import type { Link } from './device/link.ts';
import type { Terminals } from './device/terminals.ts';
import type { MediaIntake } from './frames/media-intake.ts';
import type { MediaSource } from './frames/media-source.ts';
import type { Log } from './log.ts';
import type { TraceTap } from './record/trace/trace-tap.ts';
import type { Tally } from './tally.ts';

export interface VehicleDoorsParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly terminals: Terminals;
  readonly intake: MediaIntake;
  readonly evidence: EvidenceBook;
  readonly tap: TraceTap;
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
      tap: this.#parts.tap,
      accept: peer => this.#connection(peer),
      refused: (peer, why) => this.#parts.evidence.peers.refused(peer, why),
    });
  }

  #connection(peer: Peer): PeerHandler {
    const { remote, localAddress, transport } = peer;
    const { maxJunkBytes } = this.#parts.settings;
    const source: MediaSource = {
      ...{ id: `tcp-${peer.id}`, transport, remote, localAddress },
      send: bytes => peer.unsent + bytes.length <= this.#parts.settings.talkUnsentBytes && peer.send(bytes),
      keep: () => peer.keep(),
    };
    const delimiter = this.#delimiter(peer, source);
    const { peers } = this.#parts.evidence;
    const note = peers.opened(peer, source);
    const { silent } = this.#parts.intake;
    let isSilent = true;
    silent.opened(source);
    return {
      data: chunk => {
        if (isSilent) silent.spoke(source);
        isSilent = false;
        this.#bytes += chunk.length;
        note.bytes += chunk.length;
        if (note.firstAt === 0) peers.firstBytes(note, chunk);
        delimiter.push(chunk);
        const { junkBytes: junk, position } = delimiter;
        if (junk <= maxJunkBytes) return;
        this.#parts.log.warn({ peer: remote, position, junk }, 'neither 808 nor 1078');
        peer.close('unrecognised');
      },
      closed: (code: ErrorCode) => {
        peers.closed(peer, code);
        if (this.#parts.tap.isOn) this.#parts.tap.closed(peer);
        this.#parts.terminals.linkClosed(peer);
        silent.closed(source);
        this.#parts.intake.sourceClosed(source);
      },
    };
  }

  udp(door: Door): UdpAcceptor {
    const { settings, clock, tally, log } = this.#parts;
    const { tap } = this.#parts;
    const { peers } = this.#parts.evidence;
    let source: DatagramSource | undefined;
    let received: Uint8Array = new Uint8Array(0);
    const reading = {
      tally,
      settings,
      sims: new SimTable(),
      knows: (terminal: string) => this.#parts.terminals.isKnown(terminal),
      packet: (packet: Packet) => {
        this.#packets++;
        if (!source) return;
        if (tap.isOn) tap.datagram(source, packet.terminal, received);
        this.#parts.intake.packet(source, packet);
      },
    };
    this.#udp = new UdpAcceptor({
      host: door.address,
      port: door.port,
      ...{ settings, clock, tally, log, tap },
      opened: (from, bytes) => {
        const note = peers.opened(from);
        note.bytes = bytes.length;
        peers.firstBytes(note, bytes);
      },
      datagram: (from, bytes) => {
        this.#bytes += bytes.length;
        source = from;
        received = bytes;
        // 808-2013 §4.2 allows UDP: such a datagram begins with a flag, as none of 1078 does.
        if (bytes[0] === frameFlag) this.#delimiter(from, from).push(bytes);
        else readDatagram(bytes, reading);
      },
      sourceClosed: from => {
        peers.closed(from, 'peerIdle');
        this.#parts.terminals.linkClosed(from);
        this.#parts.intake.sourceClosed(from);
      },
    });
    return this.#udp;
  }

  #delimiter(link: Link & TappedPeer & Pick<Peer, 'recognised'>, source: MediaSource): Delimiter {
    const { tap } = this.#parts;
    const delimiter: Delimiter = new Delimiter({
      ...{ tally: this.#parts.tally, settings: this.#parts.settings },
      knows: terminal => this.#parts.terminals.isKnown(terminal),
      sink: {
        message: (message: Message) => {
          link.recognised('signal');
          if (tap.isOn) tap.received(link, terminalId(message.header.phone), 'signal', delimiter.unit);
          this.#parts.terminals.message(link, message);
        },
        packet: (packet: Packet) => {
          this.#packets++;
          link.recognised('media');
          if (tap.isOn) tap.received(link, packet.terminal, 'media', delimiter.unit);
          this.#parts.intake.packet(source, packet);
        },
        junk: () => {
          if (tap.isOn) tap.junk(link, delimiter.unit);
        },
      },
    });
    return delimiter;
  }
}
