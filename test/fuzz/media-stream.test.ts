import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxFrameLength } from '../../electron/codec/delimiter.ts';
import { join } from '../codec/hex.ts';
import { Camera, keyUnit, plainUnit, sim6, sim10, terminal } from '../codec/jt1078/camera.ts';
import { Receiver, type Recording } from '../frames/receiver.ts';
import { Random } from './random.ts';

const unitCount = 40;

interface Sent {
  readonly packets: Uint8Array[];
  /** Content of every unit. */
  readonly units: Set<string>;
  readonly simWidth: 6 | 10;
}

function contentOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** A stream of units with sound between; every unit's content is its own. */
function send(random: Random): Sent {
  const simWidth = random.chance(50) ? 6 : 10;
  const camera = new Camera({ sim: simWidth === 6 ? sim6 : sim10, sequence: random.below(65536) });
  const units = new Set<string>();
  const packets: Uint8Array[] = [];
  for (let index = 0; index < unitCount; index++) {
    const isKey = index % 8 === 3;
    const size = 60 + random.below(isKey ? 6000 : 3000);
    const unit = isKey ? keyUnit(size, index) : plainUnit(size, index);
    // whatever bytes there are, flags and zeros among them
    unit.set(random.bytes(unit.length - 58), 58);
    units.add(contentOf(unit));
    packets.push(...camera.unit(unit, { dataType: isKey ? 0 : 1, timestamp: BigInt(index * 40 + 5) }));
    if (random.chance(50)) packets.push(camera.sound(random.bytes(160), index * 40 + 4));
  }
  return { packets, units, simWidth };
}

/** One thing done to the packet at `at` of the list; none touches the payload of a packet that still looks whole. */
type Damage = (packets: Uint8Array[], at: number, random: Random, simWidth: number) => void;

const damages: Record<string, Damage> = {
  'no damage': () => undefined,
  // one byte alone cannot be told when the chunk ends right there
  truncation: (packets, at, random) => {
    const packet = packets[at]!;
    packets[at] = packet.subarray(0, packet.length - 2 - random.below(packet.length - 2));
  },
  'truncation at the front': (packets, at, random) => {
    packets[at] = packets[at]!.subarray(1 + random.below(packets[at]!.length - 1));
  },
  insertion: (packets, at, random) => {
    packets[at] = join(random.bytes(1 + random.below(200)), packets[at]!);
  },
  drop: (packets, at) => {
    packets[at] = new Uint8Array(0);
  },
  duplication: (packets, at) => {
    packets[at] = join(packets[at]!, packets[at]!);
  },
  replay: (packets, at, random) => {
    packets[at] = join(packets[at]!, packets[Math.max(0, at - 1 - random.below(40))]!);
  },
  reordering: (packets, at, random) => {
    const other = Math.min(packets.length - 1, at + 1 + random.below(3));
    [packets[at], packets[other]] = [packets[other]!, packets[at]!];
  },
  'a flipped magic': (packets, at, random) => flip(packets, at, random.below(4), random),
  'a flipped version byte': (packets, at, random) => flip(packets, at, 4, random),
  'a flipped sequence number': (packets, at, random) => flip(packets, at, 6 + random.below(2), random),
  'a flipped SIM': (packets, at, random, simWidth) => flip(packets, at, 8 + random.below(simWidth), random),
  'a longer length': (packets, at, _random, simWidth) => {
    const packet = Uint8Array.from(packets[at]!);
    const lengthAt = simWidth + (packet[9 + simWidth]! >> 4 === 3 ? 18 : 22);
    packet[lengthAt] = packet[lengthAt]! | 0x20;
    packets[at] = packet;
  },
};

function flip(packets: Uint8Array[], at: number, offset: number, random: Random): void {
  const packet = Uint8Array.from(packets[at]!);
  packet[offset] = packet[offset]! ^ (1 << random.below(8));
  packets[at] = packet;
}

/**
 * Damages about one packet in twelve, never two that are neighbours; only one sequence number, since of two flipped ones
 * the second may by chance stand for the first.
 */
function damaged(sent: Sent, damage: Damage, random: Random): Uint8Array[] {
  const packets = [...sent.packets];
  if (damage === damages['a flipped sequence number']) {
    damage(packets, random.below(packets.length), random, sent.simWidth);
    return packets;
  }
  for (let at = random.below(12); at < packets.length - 5; at += 6 + random.below(12))
    damage(packets, at, random, sent.simWidth);
  return packets.filter(packet => packet.length > 0);
}

function expectOnlyOriginals(recording: Recording, sent: Sent): void {
  let isBroken = false;
  let at = 0;
  for (const told of recording.told) {
    if (told.startsWith('gap')) isBroken = true;
    if (told !== 'key' && told !== 'frame') continue;
    const frame = recording.frames[at++]!;
    expect(sent.units.has(contentOf(frame.data))).toBe(true);
    if (frame.key) isBroken = false;
    expect(isBroken).toBe(false);
    expect(frame.data.buffer.byteLength).toBe(frame.data.length);
  }
}

const seeds = fc.integer({ min: 0, max: 0x7fffffff });

describe('a damaged TCP stream gives only units that were sent', () => {
  for (const [name, damage] of Object.entries(damages))
    it(name, () => {
      let delivered = 0;
      fc.assert(
        fc.property(seeds, seed => {
          const random = new Random(seed);
          const sent = send(random);
          const receiver = new Receiver({ known: [terminal] });
          const recording = receiver.expect(terminal, 1);
          const { source, delimiter } = receiver.connect();
          const bytes = join(...damaged(sent, damage, random));
          const largest = [1, 30, 1000, 5000, 70_000][random.below(5)]!;
          let mostPending = 0;
          for (let at = 0; at < bytes.length; ) {
            const next = at + 1 + random.below(largest);
            delimiter.push(bytes.slice(at, next));
            mostPending = Math.max(mostPending, delimiter.pendingBytes);
            at = next;
          }
          receiver.intake.sourceClosed(source);
          expect(mostPending).toBeLessThanOrEqual(receiver.settings.maxPacketBytes + maxFrameLength);
          expectOnlyOriginals(recording, sent);
          if (name === 'no damage') expect(recording.frames.length).toBe(unitCount);
          delivered += recording.frames.length;
        }),
        { numRuns: 25 },
      );
      expect(delivered).toBeGreaterThan(5 * 25);
    });
});

describe('damaged datagrams give only units that were sent', () => {
  for (const [name, damage] of Object.entries(damages)) {
    if (name === 'insertion' || name === 'truncation at the front') continue;
    it(name, () => {
      let delivered = 0;
      fc.assert(
        fc.property(seeds, seed => {
          const random = new Random(seed);
          const sent = send(random);
          const receiver = new Receiver({ known: [terminal] });
          const recording = receiver.expect(terminal, 1);
          const source = receiver.udpSource();
          for (const packet of damaged(sent, damage, random)) {
            receiver.datagram(source, packet);
            if (random.chance(20)) receiver.pass(20);
          }
          receiver.pass(200);
          expectOnlyOriginals(recording, sent);
          delivered += recording.frames.length;
        }),
        { numRuns: 25 },
      );
      expect(delivered).toBeGreaterThan(5 * 25);
    });
  }

  it('reordering within the window and duplicates lose nothing', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const random = new Random(seed);
        const sent = send(random);
        const receiver = new Receiver({ known: [terminal] });
        const recording = receiver.expect(terminal, 1);
        const order = sent.packets.map((packet, index) => ({ packet, at: index + random.below(8) }));
        order.sort((a, b) => a.at - b.at);
        const source = receiver.udpSource();
        for (const { packet } of order) {
          receiver.datagram(source, packet);
          if (random.chance(10)) receiver.datagram(source, packet);
        }
        receiver.pass(200);
        expect(recording.frames.length).toBe(unitCount);
        expect(recording.gaps).toEqual([]);
        expectOnlyOriginals(recording, sent);
      }),
      { numRuns: 25 },
    );
  });
});

describe('hostile bytes', () => {
  /** Pieces that look like something, so that every branch is met more often than in plain noise. */
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.constantFrom(
      Uint8Array.of(0x7e),
      Uint8Array.of(0x7e, 0x7e),
      Uint8Array.of(0x30, 0x31, 0x63, 0x64),
      Uint8Array.of(0x30, 0x31, 0x63, 0x64, 0x81),
      Uint8Array.of(0x81, 0x62),
      new Uint8Array(30),
    ),
    fc
      .record({
        payloadType: fc.constantFrom(98, 99, 6, 26, 91, 0, 127),
        sequence: fc.integer({ min: 0, max: 65535 }),
        sim: fc.constantFrom(sim6, sim10, new Uint8Array(6), new Uint8Array(10)),
        channel: fc.integer({ min: 0, max: 3 }),
        dataType: fc.integer({ min: 0, max: 4 }),
        part: fc.integer({ min: 0, max: 3 }),
        timestamp: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
        payload: fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(keyUnit(80), plainUnit(1200))),
        keep: fc.integer({ min: 0, max: 1300 }),
      })
      .map(({ keep, ...fields }) => new Camera().packet(fields).subarray(0, keep)),
  );

  it('never throw, over TCP in any split, and are never kept', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.boolean()), { maxLength: 60 }), pieces => {
        const receiver = new Receiver({ known: [terminal], settings: { maxPacketBytes: 4096, maxFrameBytes: 65536 } });
        const recording = receiver.expect(terminal, 1);
        receiver.expect(terminal, 1, 'sub');
        const { source, delimiter } = receiver.connect();
        let open = new Uint8Array(0);
        let received = 0;
        for (const [bytes, isEnd] of pieces) {
          open = new Uint8Array(join(open, bytes));
          if (!isEnd) continue;
          delimiter.push(open);
          received += open.length;
          open = new Uint8Array(0);
          expect(delimiter.pendingBytes).toBeLessThanOrEqual(4096 + maxFrameLength);
          expect(delimiter.position + delimiter.pendingBytes).toBe(received);
        }
        receiver.pass(200);
        receiver.intake.sourceClosed(source);
        for (const frame of recording.frames) expect(Number.isFinite(frame.ptsMs)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never throw in datagrams', () => {
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 40 }), datagrams => {
        const receiver = new Receiver({ known: [terminal], settings: { maxPacketBytes: 4096, maxFrameBytes: 65536 } });
        const recording = receiver.expect(terminal, 1);
        const source = receiver.udpSource();
        for (const pieces of datagrams) receiver.datagram(source, join(...pieces));
        receiver.pass(200);
        for (const frame of recording.frames) expect(Number.isFinite(frame.ptsMs)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
