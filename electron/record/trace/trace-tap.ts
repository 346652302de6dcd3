import type { TappedPeer, TrafficTap } from '../../accept/traffic-tap.ts';
import { frameFlag } from '../../codec/jt808/frame.ts';
import { magicBytes } from '../../codec/jt1078/header.ts';
import { terminalId } from '../../codec/terminal-id.ts';
import { contentOf, type TraceContent } from '../../codec/trace/trace-unit.ts';

/** Takes what is of one vehicle. Bytes are only valid during the call. */
export interface TraceSink {
  unit(direction: 'in' | 'out', peer: TappedPeer, content: TraceContent['kind'], bytes: Uint8Array): void;
}

const noBytes = new Uint8Array(0);

/** Sorts the traffic of the vehicle ports by vehicle, for those vehicles of which a trace runs. */
export class TraceTap implements TrafficTap {
  isOn = false;
  readonly #sinks = new Map<string, TraceSink>();
  /** Whose a peer's last good message was: what cannot be read, and the end of the connection, are taken for theirs. */
  #lastOf = new WeakMap<TappedPeer, string>();
  #lastDatagram: Uint8Array | undefined;

  /** @param terminal identity, see `terminalId`; undefined as a sink ends */
  set(terminal: string, sink: TraceSink | undefined): void {
    if (sink) this.#sinks.set(terminal, sink);
    else this.#sinks.delete(terminal);
    this.isOn = this.#sinks.size > 0;
    if (!this.isOn) this.#lastOf = new WeakMap();
  }

  /** An 808 frame with its flags, or a 1078 packet of a TCP connection. */
  received(peer: TappedPeer, terminal: string, content: 'signal' | 'media', bytes: Uint8Array): void {
    if (!this.#sinks.has(terminal)) {
      // A connection may speak for several vehicles: what follows is not for the one before.
      this.#lastOf.delete(peer);
      return;
    }
    this.#lastOf.set(peer, terminal);
    this.#sinks.get(terminal)?.unit('in', peer, content, bytes);
  }

  /** A datagram holds the packets of one vehicle; it is told of for each packet and taken once. */
  datagram(peer: TappedPeer, terminal: string, bytes: Uint8Array): void {
    if (this.#lastDatagram === bytes) return;
    this.#lastDatagram = bytes;
    this.received(peer, terminal, 'media', bytes);
  }

  junk(peer: TappedPeer, bytes: Uint8Array): void {
    this.#sinks.get(this.#lastOf.get(peer) ?? '')?.unit('in', peer, 'junk', bytes);
  }

  closed(peer: TappedPeer): void {
    this.#sinks.get(this.#lastOf.get(peer) ?? '')?.unit('in', peer, 'closed', noBytes);
    this.#lastOf.delete(peer);
  }

  sent(peer: TappedPeer, bytes: Uint8Array): void {
    const terminal = addressee(bytes);
    const sink = terminal === undefined ? undefined : this.#sinks.get(terminal);
    if (terminal === undefined || !sink) return;
    if (!this.#lastOf.has(peer)) this.#lastOf.set(peer, terminal);
    sink.unit('out', peer, bytes[0] === frameFlag ? 'signal' : 'media', bytes);
  }
}

/** Whom our own message names; its SIM field is 6 bytes wide unless a header of that width makes no sense. */
function addressee(bytes: Uint8Array): string | undefined {
  if (bytes[0] === frameFlag) {
    const content = contentOf({ bytes });
    return content.kind === 'signal' ? terminalId(content.message.header.phone) : undefined;
  }
  const simAt = magicBytes.length + 4;
  if (bytes.length < simAt + 20) return undefined;
  // Sound going out: data type 3 stands behind the channel, and the length of the rest before the sound.
  for (const width of [6, 10]) {
    const typeAt = simAt + width + 1;
    const lengthAt = typeAt + 9;
    const length = ((bytes[lengthAt] ?? 0) << 8) | (bytes[lengthAt + 1] ?? 0);
    if ((bytes[typeAt] as number) >> 4 === 3 && lengthAt + 2 + length === bytes.length)
      return terminalId(bytes.subarray(simAt, simAt + width));
  }
  return undefined;
}
