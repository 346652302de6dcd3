/** Reads pcapng, IP, TCP and UDP by their definitions (draft-ietf-opsawg-pcapng, RFC 791, 8200, 9293, 768, 1071). */
export interface Segment {
  /** Microseconds since 1970. */
  readonly at: bigint;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Buffer;
  readonly comment: string;
  /** 1 in, 2 out. */
  readonly way: number;
}

export interface Capture {
  readonly comment: string;
  readonly linkType: number;
  readonly segments: Segment[];
}

export function parsePcapng(file: Buffer): Capture {
  let comment = '';
  let linkType = -1;
  const segments: Segment[] = [];
  for (let at = 0; at < file.length; ) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    if (length % 4 !== 0) throw new Error(`a block of ${length}`);
    if (file.readUInt32LE(at + length - 4) !== length) throw new Error('the two lengths of a block differ');
    const body = file.subarray(at + 8, at + length - 4);
    if (at === 0 && type !== 0x0a0d0d0a) throw new Error('no section header first');
    if (type === 0x0a0d0d0a) {
      if (body.readUInt32LE(0) !== 0x1a2b3c4d) throw new Error('byte order');
      if (body.readUInt16LE(4) !== 1 || body.readUInt16LE(6) !== 0) throw new Error('version');
      if (body.readBigInt64LE(8) !== -1n) throw new Error('section length');
      comment = options(body.subarray(16)).get(1)?.toString('utf8') ?? '';
    } else if (type === 1) {
      linkType = body.readUInt16LE(0);
      if (options(body.subarray(8)).get(9)?.[0] !== 6) throw new Error('resolution');
    } else if (type === 6) segments.push(packet(body));
    else throw new Error(`block type ${type}`);
    at += length;
  }
  return { comment, linkType, segments };
}

function packet(body: Buffer): Segment {
  if (body.readUInt32LE(0) !== 0) throw new Error('another interface');
  const at = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8));
  const length = body.readUInt32LE(12);
  if (body.readUInt32LE(16) !== length) throw new Error('a packet that is cut');
  const found = options(body.subarray(20 + Math.ceil(length / 4) * 4));
  const way = (found.get(2)?.readUInt32LE(0) ?? 0) & 3;
  return { at, way, comment: found.get(1)?.toString('utf8') ?? '', ...internet(body.subarray(20, 20 + length)) };
}

function options(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; ; ) {
    const code = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (code === 0) {
      if (length !== 0 || at + 4 !== bytes.length) throw new Error('the end of the options');
      return found;
    }
    found.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

function internet(ip: Buffer): Omit<Segment, 'at' | 'comment' | 'way'> {
  const version = ip[0]! >> 4;
  let source: Buffer;
  let target: Buffer;
  let protocol: number;
  let upper: Buffer;
  if (version === 4) {
    if (ip[0] !== 0x45 || ip.readUInt16BE(2) !== ip.length) throw new Error('IPv4 length');
    if (onesSum(ip.subarray(0, 20)) !== 0xffff) throw new Error('IPv4 checksum');
    [source, target, protocol, upper] = [ip.subarray(12, 16), ip.subarray(16, 20), ip[9]!, ip.subarray(20)];
  } else {
    if (version !== 6 || ip.readUInt16BE(4) !== ip.length - 40) throw new Error('IPv6 length');
    [source, target, protocol, upper] = [ip.subarray(8, 24), ip.subarray(24, 40), ip[6]!, ip.subarray(40)];
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(upper.length, 0);
  tail.writeUInt32BE(protocol, 4);
  const whole = Buffer.concat([source, target, tail, upper, Buffer.alloc(upper.length % 2)]);
  if (onesSum(whole) !== 0xffff) throw new Error('TCP or UDP checksum');
  const name = (address: Buffer, port: number) => `${address.toString('hex')}:${port}`;
  const ends = { from: name(source, upper.readUInt16BE(0)), to: name(target, upper.readUInt16BE(2)) };
  if (protocol === 17) {
    if (upper.readUInt16BE(4) !== upper.length || upper.readUInt16BE(6) === 0) throw new Error('UDP header');
    return { ...ends, protocol: 'udp', sequence: 0, acknowledged: 0, flags: 0, payload: upper.subarray(8) };
  }
  if (protocol !== 6 || upper[12] !== 0x50) throw new Error('TCP header');
  return {
    ...{ ...ends, protocol: 'tcp', sequence: upper.readUInt32BE(4), acknowledged: upper.readUInt32BE(8) },
    ...{ flags: upper[13]!, payload: upper.subarray(20) },
  };
}

/** Words added with the carry brought round. */
function onesSum(bytes: Buffer): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    total += bytes.readUInt16BE(at);
    if (total > 0xffff) total -= 0xffff;
  }
  return total;
}
