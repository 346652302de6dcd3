import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Camera, keyUnit, noise, plainUnit, terminal } from '../codec/jt1078/camera.ts';
import { Random } from '../fuzz/random.ts';
import { Receiver, type Recording } from './receiver.ts';

/** Two channels that take turns irregularly; each sends one key frame and then 60 others. */
function twoChannels(counters: 'shared' | [number, number], seed = 3): { packets: Uint8Array[]; frames: number } {
  const random = new Random(seed);
  const cameras = [new Camera({ channel: 1 }), new Camera({ channel: 2 })];
  let shared = 65500;
  const packets: Uint8Array[] = [];
  if (counters !== 'shared') for (const [index, camera] of cameras.entries()) camera.sequence = counters[index]!;
  for (let frame = 0; frame < 60; frame++)
    for (const camera of random.chance(50) ? cameras : cameras.toReversed()) {
      if (counters === 'shared') camera.sequence = shared;
      const size = 200 + random.below(2600);
      packets.push(...(frame === 0 ? camera.key(size, frame * 40, frame) : camera.plain(size, frame * 40, frame)));
      if (random.chance(40)) packets.push(camera.sound(noise(160), frame * 40));
      shared = camera.sequence;
    }
  return { packets, frames: 60 };
}

function expectWhole(recording: Recording, frames: number): void {
  expect(recording.gaps).toEqual([]);
  expect(recording.lost).toBe(0);
  expect(recording.frames.length).toBe(frames);
}

describe('two channels on one connection', () => {
  const cases: [string, 'shared' | [number, number]][] = [
    ['with one counter', 'shared'],
    ['each with its own, both from 0', [0, 0]],
    ['each with its own, the second a little ahead', [0, 10]],
    ['each with its own, the second a little behind', [40, 30]],
    ['each with its own, far apart', [65530, 12000]],
  ];
  for (const [name, counters] of cases) {
    it(`${name}: nothing is taken for lost over TCP`, () => {
      const receiver = new Receiver({ known: [terminal] });
      const one = receiver.expect(terminal, 1);
      const two = receiver.expect(terminal, 2);
      const { packets, frames } = twoChannels(counters);
      const { delimiter } = receiver.connect();
      for (const packet of packets) delimiter.push(packet);
      expectWhole(one, frames);
      expectWhole(two, frames);
    });

    it(`${name}: nothing is taken for lost when only one of them was asked for`, () => {
      const receiver = new Receiver({ known: [terminal] });
      const two = receiver.expect(terminal, 2);
      const { packets, frames } = twoChannels(counters);
      const { delimiter } = receiver.connect();
      for (const packet of packets) delimiter.push(packet);
      expectWhole(two, frames);
      expect(receiver.tally.get('intake.unwantedChannel')).toBeGreaterThan(0);
    });

    it(`${name}: nothing is taken for lost over UDP out of order`, () => {
      const receiver = new Receiver({ known: [terminal] });
      const one = receiver.expect(terminal, 1);
      const two = receiver.expect(terminal, 2);
      const { packets, frames } = twoChannels(counters);
      const random = new Random(9);
      const order = packets.map((packet, index) => ({ packet, at: index + random.below(4) }));
      order.sort((a, b) => a.at - b.at);
      const source = receiver.udpSource();
      for (const { packet } of order) receiver.datagram(source, packet);
      receiver.pass(200);
      expectWhole(one, frames);
      expectWhole(two, frames);
    });
  }

  const anyCounters = fc.oneof(
    fc.constant('shared' as const),
    fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 })),
    fc
      .tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: -100, max: 100 }))
      .map(([first, ahead]): [number, number] => [first, (first + ahead) & 0xffff]),
  );

  it('wherever their counters begin, nothing is taken for lost over TCP', () => {
    fc.assert(
      fc.property(anyCounters, fc.nat(), (counters, seed) => {
        const receiver = new Receiver({ known: [terminal] });
        const one = receiver.expect(terminal, 1);
        const two = receiver.expect(terminal, 2);
        const { packets, frames } = twoChannels(counters, seed);
        const { delimiter } = receiver.connect();
        for (const packet of packets) delimiter.push(packet);
        expectWhole(one, frames);
        expectWhole(two, frames);
      }),
      { numRuns: 30 },
    );
  });

  it('wherever their counters begin, nothing is taken for lost over UDP', () => {
    fc.assert(
      fc.property(anyCounters, fc.nat(), (counters, seed) => {
        const receiver = new Receiver({ known: [terminal] });
        const one = receiver.expect(terminal, 1);
        const two = receiver.expect(terminal, 2);
        const { packets, frames } = twoChannels(counters, seed);
        const source = receiver.udpSource();
        for (const packet of packets) receiver.datagram(source, packet);
        receiver.pass(200);
        expectWhole(one, frames);
        expectWhole(two, frames);
      }),
      { numRuns: 30 },
    );
  });

  it('a loss in one of them is seen with counters of their own, and leaves the other alone', () => {
    const receiver = new Receiver({ known: [terminal] });
    const one = receiver.expect(terminal, 1);
    const two = receiver.expect(terminal, 2);
    const { packets, frames } = twoChannels([0, 30000]);
    const { delimiter } = receiver.connect();
    const lost = packets.findIndex((packet, index) => index > 60 && packet[14] === 1);
    for (const [index, packet] of packets.entries()) if (index !== lost) delimiter.push(packet);
    expect(one.lost).toBe(1);
    expect(one.gaps.length).toBeGreaterThan(0);
    expectWhole(two, frames);
  });
});

describe('a loss where a second channel begins', () => {
  const send = (isShared: boolean) => {
    const receiver = new Receiver({ known: [terminal] });
    const one = receiver.expect(terminal, 1);
    const two = receiver.expect(terminal, 2);
    const first = new Camera({ channel: 1, sequence: 10 });
    const second = new Camera({ channel: 2 });
    const start = [...first.key(500, 0), ...first.plain(2800, 40)];
    if (isShared) start.splice(2, 1);
    second.sequence = first.sequence - 1;
    const { delimiter } = receiver.connect();
    const rest = start.splice(2);
    if (isShared) second.sequence = 13;
    const other = second.key(500, 40);
    if (isShared) rest.splice(0, rest.length, ...rest.map(packet => packet.with(7, packet[7]! + 1)));
    for (const packet of [...start, ...other, ...rest]) delimiter.push(packet);
    return { one, two };
  };

  it('is told once a packet shows that both share the counter, and no damaged frame leaves', () => {
    const { one, two } = send(true);
    expect(one.frames.map(frame => frame.data)).toEqual([keyUnit(500)]);
    expect(one.gaps.length).toBe(1);
    expect(two.frames.length).toBe(1);
  });

  it('is none when each counts for itself', () => {
    const { one, two } = send(false);
    expect(one.frames.map(frame => frame.data)).toEqual([keyUnit(500), plainUnit(2800)]);
    expect(one.gaps).toEqual([]);
    expect(two.gaps).toEqual([]);
  });
});

function overTcp(packets: Uint8Array[]) {
  const receiver = new Receiver({ known: [terminal] });
  const recording = receiver.expect(terminal, 1);
  const { delimiter } = receiver.connect();
  for (const packet of packets) delimiter.push(packet);
  return { receiver, recording };
}

describe('one counter', () => {
  it('packets sent twice, at once or later, are dropped and counted', () => {
    const camera = new Camera();
    const key = camera.key(2500, 0);
    const rest = [...camera.plain(1500, 40), ...camera.plain(300, 80)];
    const { receiver, recording } = overTcp([
      ...key.flatMap(packet => [packet, packet]),
      ...rest,
      ...key,
      ...camera.plain(200, 120),
    ]);
    expect(recording.frames.map(frame => frame.data.length)).toEqual([2500, 1500, 300, 200]);
    expect(recording.gaps).toEqual([]);
    expect(receiver.tally.get('sequence.duplicate')).toBe(6);
  });

  it('a device that restarts begins a new run, not thousands of losses', () => {
    const camera = new Camera({ sequence: 40000 });
    const before = [...camera.key(500, 1000), ...camera.plain(300, 1040)];
    camera.sequence = 0;
    const after = [...camera.key(1500, 20), ...camera.plain(300, 60), ...camera.plain(300, 100)];
    const { receiver, recording } = overTcp([...before, ...after]);
    expect(recording.frames.map(frame => frame.data.length)).toEqual([500, 300, 1500, 300, 300]);
    expect(recording.lost).toBe(0);
    expect(receiver.tally.get('sequence.restart')).toBe(1);
    const times = recording.frames.map(frame => frame.ptsMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('one packet with a number far off costs its frame, not the count', () => {
    const camera = new Camera();
    const packets = [
      ...camera.key(500, 0),
      ...camera.plain(300, 40),
      ...camera.plain(300, 80),
      ...camera.key(550, 120),
    ];
    packets[1]![6] = 0x77;
    const { recording } = overTcp(packets);
    expect(recording.frames.map(frame => frame.data.length)).toEqual([500, 550]);
    expect(recording.lost).toBe(1);
  });

  it('a loss drops the frame under way and all up to the next key frame, and says how many', () => {
    const camera = new Camera();
    const packets = [
      ...camera.key(500, 0),
      ...camera.plain(2500, 40),
      ...camera.plain(300, 80),
      camera.sound(noise(160), 80),
      ...camera.plain(300, 120),
      ...camera.key(550, 160),
    ];
    packets.splice(2, 1);
    const { receiver, recording } = overTcp(packets);
    expect(recording.told).toEqual(['open tcp-1', 'key', 'gap 1 loss', 'audio', 'gap 2 loss', 'key']);
    expect(recording.frames.map(frame => frame.data)).toEqual([keyUnit(500), keyUnit(550)]);
    expect(receiver.tally.get('assemble.waitingForKey')).toBe(2);
  });
});

describe('the reorder window', () => {
  const send = (order: number[], passBetween = 0) => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const camera = new Camera();
    const packets = [...camera.key(300, 0)];
    for (let index = 1; index < 60; index++) packets.push(...camera.plain(200, index * 40, index));
    const source = receiver.udpSource();
    for (const index of order) {
      receiver.datagram(source, packets[index]!);
      if (passBetween > 0) receiver.pass(passBetween);
    }
    return { receiver, recording };
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('waits for a missing packet, at most for reorderMs', () => {
    const order = upTo(30).filter(index => index !== 20);
    const { receiver, recording } = send(order);
    const before = recording.frames.length;
    expect(recording.gaps).toEqual([]);
    receiver.pass(100);
    expect(recording.lost).toBe(1);
    expect(recording.gaps.length).toBe(1);
    expect(before).toBe(20);
  });

  it('waits at most for reorderPackets, without any time passing', () => {
    const { recording } = send(upTo(60).filter(index => index !== 20));
    expect(recording.lost).toBe(1);
    expect(recording.packets).toBeGreaterThan(50);
  });

  it('puts the very first packets in order too', () => {
    const { receiver, recording } = send([3, 1, 0, 2, 4, 5]);
    receiver.pass(100);
    expect(recording.frames.map(frame => frame.ptsMs)).toEqual([0, 40, 80, 120, 160, 200]);
    expect(recording.gaps).toEqual([]);
  });

  it('drops what comes after its number was given up', () => {
    const { receiver, recording } = send([...upTo(19), 20, 21, 22, 23, 24], 30);
    expect(recording.lost).toBe(1);
    expect(receiver.tally.get('sequence.late')).toBe(0);
    const camera = new Camera({ sequence: 19 });
    receiver.datagram(receiver.udpSource('other'), camera.plain(200, 760)[0]!);
    expect(receiver.tally.get('intake.otherSource')).toBe(1);
  });

  it('plain units in order leave at once when the first have been gathered', () => {
    const { recording } = send(upTo(60));
    expect(recording.frames.map(frame => frame.data)).toEqual([
      keyUnit(300),
      ...upTo(59).map(index => plainUnit(200, index + 1)),
    ]);
  });
});
