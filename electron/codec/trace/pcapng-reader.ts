import { PendingBytes } from '../pending-bytes.ts';
import { decodeIp, type IpPacket, tcpFlag } from './ip-packet.ts';
import { blockType, byteOrder, linkTypeRaw, option, outbound } from './pcapng-writer.ts';
import { readHead } from './trace-head.ts';
import { TraceDamaged, type TraceEnd, type TraceHead, type TraceReader, type TraceUnit } from './trace-unit.ts';

/** A packet of 65535 bytes, its block and a comment are far below. */
const longestBlock = 1 << 18;
/** A unit has at most a payload of 65535 bytes. */
const mostSegments = 8;

interface Flow {
  readonly connection: number;
  /** Sequence number that comes next, of each side. */
  readonly next: { in: number | undefined; out: number | undefined };
  /** Segments of a unit that is not whole. */
  readonly begun: { in: Uint8Array[]; out: Uint8Array[] };
}

/** Reads what `PcapngWriter` writes. Blocks and options of other kinds are skipped; a block that is cut off is left. */
export class PcapngReader implements TraceReader {
  readonly #pending = new PendingBytes();
  readonly #flows = new Map<string, Flow>();
  #head: TraceHead | undefined;
  #hasInterface = false;
  #connections = 0;

  get head(): TraceHead | undefined {
    return this.#head;
  }

  push(chunk: Uint8Array): TraceUnit[] {
    this.#pending.append(chunk, 0, chunk.length);
    const bytes = this.#pending.view();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const units: TraceUnit[] = [];
    let at = 0;
    while (bytes.length - at >= 12) {
      const length = view.getUint32(at + 4, true);
      if (length < 12 || length % 4 !== 0 || length > longestBlock)
        throw new TraceDamaged(`a block of ${length} bytes`);
      if (bytes.length - at < length) break;
      const unit = this.#block(view.getUint32(at, true), bytes.subarray(at + 8, at + length - 4));
      if (unit) units.push(unit);
      at += length;
    }
    this.#pending.drop(at);
    return units;
  }

  #block(type: number, body: Uint8Array): TraceUnit | undefined {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (!this.#head) {
      if (type !== blockType.section || body.length < 16 || view.getUint32(0, true) !== byteOrder)
        throw new TraceDamaged('this is no pcapng of Convoy');
      const comment = readOption(body, 16, option.comment);
      this.#head = readHead(comment ? new TextDecoder().decode(comment).split('\n') : []);
      return undefined;
    }
    if (type === blockType.interface) {
      if (body.length < 8 || view.getUint16(0, true) !== linkTypeRaw) throw new TraceDamaged('another link type');
      this.#hasInterface = true;
    }
    return type === blockType.packet ? this.#packet(body, view) : undefined;
  }

  #packet(body: Uint8Array, view: DataView): TraceUnit | undefined {
    if (!this.#hasInterface || body.length < 20) throw new TraceDamaged('a packet without an interface');
    const length = view.getUint32(12, true);
    if (20 + length > body.length) throw new TraceDamaged(`a packet of ${length} bytes in a block of ${body.length}`);
    const packet = decodeIp(body.subarray(20, 20 + length));
    if (!packet) return undefined;
    const flags = readOption(body, 20 + ((length + 3) & ~3), option.packetFlags);
    const direction = ((flags?.[0] ?? 0) & 3) === outbound ? 'out' : 'in';
    const at = view.getUint32(4, true) * 0x100000000 + view.getUint32(8, true);
    const [remote, local] = direction === 'in' ? [packet.from, packet.to] : [packet.to, packet.from];
    const way = { at, direction, remote, local } as const;
    if (!packet.tcp) {
      const { connection } = this.#flow(`udp ${name(remote)}`);
      return { ...way, transport: 'udp', connection, bytes: new Uint8Array(packet.payload) };
    }
    return this.#segment(way, packet.tcp, packet.payload);
  }

  #segment(
    way: Pick<TraceUnit, 'at' | 'direction' | 'remote' | 'local'>,
    tcp: NonNullable<IpPacket['tcp']>,
    payload: Uint8Array,
  ): TraceUnit | undefined {
    const key = `tcp ${name(way.remote)} ${name(way.local)}`;
    const { direction } = way;
    const expected = this.#flows.get(key)?.next[direction];
    // The same port again, and nobody saw the first connection end.
    if (expected !== undefined && expected !== tcp.sequence) this.#flows.delete(key);
    const flow = this.#flow(key);
    flow.next[direction] = (tcp.sequence + payload.length) >>> 0;
    const { connection } = flow;
    if (tcp.flags & tcpFlag.fin) {
      this.#flows.delete(key);
      return { ...way, transport: 'tcp', connection, bytes: new Uint8Array(0) };
    }
    const begun = flow.begun[direction];
    if (begun.length >= mostSegments) throw new TraceDamaged('a message without an end');
    begun.push(new Uint8Array(payload));
    if (!(tcp.flags & tcpFlag.push)) return undefined;
    const bytes = begun.length === 1 ? (begun[0] as Uint8Array) : joined(begun);
    begun.length = 0;
    return { ...way, transport: 'tcp', connection, bytes };
  }

  #flow(key: string): Flow {
    let flow = this.#flows.get(key);
    if (!flow) {
      flow = {
        connection: ++this.#connections,
        next: { in: undefined, out: undefined },
        begun: { in: [], out: [] },
      };
      this.#flows.set(key, flow);
    }
    return flow;
  }
}

function name({ address, port }: TraceEnd): string {
  return `${address} ${port}`;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function readOption(body: Uint8Array, from: number, wanted: number): Uint8Array | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  for (let at = from; at + 4 <= body.length; ) {
    const code = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (code === 0 || at + 4 + length > body.length) return undefined;
    if (code === wanted) return body.subarray(at + 4, at + 4 + length);
    at += 4 + ((length + 3) & ~3);
  }
  return undefined;
}
