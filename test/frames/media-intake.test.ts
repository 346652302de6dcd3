import { describe, expect, it } from 'vitest';
import { bytes, join } from '../codec/hex.ts';
import { Camera, keyUnit, noise, plainUnit, pps, terminal } from '../codec/jt1078/camera.ts';
import { Receiver } from './receiver.ts';

/** Baseline, level 3, 352 x 288. */
const spsCif = bytes('00000001 6742C01E 95A0B04B 20');

function cifKey(seed: number): Uint8Array {
  return join(spsCif, pps, bytes('00000001 6588'), noise(400, seed));
}

function tcp(receiver: Receiver, id: string) {
  const { source, delimiter } = receiver.connect(id);
  return {
    source,
    send(packets: Uint8Array[]) {
      for (const packet of packets) delimiter.push(packet);
    },
  };
}

describe('what was not asked for', () => {
  it('is counted by reason and leaves nothing behind', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const peer = tcp(receiver, 'a');
    peer.send(new Camera({ channel: 2 }).key(300, 0));
    peer.send(new Camera({ sim: bytes('013900000001') }).key(300, 0));
    expect(recording.frames).toEqual([]);
    expect(receiver.tally.get('intake.unwantedChannel')).toBe(1);
    expect(receiver.tally.get('intake.unwanted')).toBe(1);
  });

  it('is what nobody wants any more', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const camera = new Camera();
    const peer = tcp(receiver, 'a');
    peer.send(camera.key(300, 0));
    expect(receiver.intake.isWanted(terminal)).toBe(true);
    receiver.intake.forget({ terminal, channel: 1, stream: 'main' });
    expect(receiver.intake.isWanted(terminal)).toBe(false);
    peer.send(camera.plain(300, 40));
    receiver.intake.sourceClosed(peer.source);
    expect(recording.told).toEqual(['open a', 'key']);
    expect(receiver.tally.get('intake.unwanted')).toBe(1);
  });

  it('pass-through packets are counted', () => {
    const receiver = new Receiver({ known: [terminal] });
    receiver.expect(terminal, 1);
    tcp(receiver, 'a').send([new Camera().packet({ payloadType: 91, dataType: 4, payload: noise(9) })]);
    expect(receiver.tally.get('assemble.passThrough')).toBe(1);
  });
});

describe('a running stream', () => {
  it('is pinned to the source that began it; another one is counted', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const first = new Camera();
    const one = tcp(receiver, 'a');
    const other = tcp(receiver, 'b');
    one.send(first.key(300, 0));
    receiver.pass(1000);
    other.send(new Camera().key(500, 0));
    one.send(first.plain(200, 40));
    expect(recording.told).toEqual(['open a', 'key', 'frame']);
    expect(receiver.tally.get('intake.otherSource')).toBe(1);
  });

  it('goes to another source when the first has been silent for sourceSilenceMs, from a key frame on', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    tcp(receiver, 'a').send(new Camera().key(300, 5000));
    receiver.pass(2000);
    const camera = new Camera();
    tcp(receiver, 'b').send([...camera.plain(200, 10), ...camera.key(400, 50)]);
    expect(recording.told).toEqual(['open a', 'key', 'open b', 'gap 0 sourceChanged', 'gap 1 loss', 'key']);
    expect(recording.frames.map(frame => frame.ptsMs)).toEqual([5000, 50]);
  });

  it('that closed goes to the next source', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const one = tcp(receiver, 'a');
    one.send([...new Camera().key(300, 0), ...new Camera({ sequence: 1 }).plain(2000, 40).slice(0, 1)]);
    receiver.intake.sourceClosed(one.source);
    tcp(receiver, 'b').send(new Camera().key(400, 0));
    expect(recording.told).toEqual(['open a', 'key', 'gap 1 loss', 'closed', 'open b', 'gap 0 sourceChanged', 'key']);
  });

  it('over the limit of one frame is dropped and said', () => {
    const receiver = new Receiver({ known: [terminal], settings: { maxFrameBytes: 65536 } });
    const recording = receiver.expect(terminal, 1);
    const camera = new Camera();
    tcp(receiver, 'a').send([
      ...camera.key(300, 0),
      ...camera.plain(70_000, 40),
      ...camera.plain(200, 80),
      ...camera.key(400, 120),
    ]);
    expect(recording.told).toEqual(['open a', 'key', 'gap 1 overflow', 'gap 1 loss', 'key']);
    expect(receiver.tally.get('assemble.overflow')).toBe(1);
  });
});

describe('main and sub stream of one channel', () => {
  it('a lone source goes to the one that was asked for', () => {
    const receiver = new Receiver({ known: [terminal] });
    const sub = receiver.expect(terminal, 1, 'sub');
    tcp(receiver, 'a').send(new Camera().key(300, 0));
    expect(sub.frames.length).toBe(1);
  });

  it('with main running, a new source is the sub stream asked for later', () => {
    const receiver = new Receiver({ known: [terminal] });
    const main = receiver.expect(terminal, 1, 'main');
    const cameras = [new Camera(), new Camera()] as const;
    const one = tcp(receiver, 'a');
    one.send(cameras[0].unit(cifKey(1), { dataType: 0 }));
    const sub = receiver.expect(terminal, 1, 'sub');
    const two = tcp(receiver, 'b');
    two.send(cameras[1].key(300, 0));
    one.send(cameras[0].plain(200, 40));
    two.send(cameras[1].plain(210, 40));
    expect(main.frames.map(frame => frame.data)).toEqual([cifKey(1), plainUnit(200)]);
    expect(sub.frames.map(frame => frame.data)).toEqual([keyUnit(300), plainUnit(210)]);
  });

  it('of two sources the larger picture becomes the main stream', () => {
    const receiver = new Receiver({ known: [terminal] });
    const main = receiver.expect(terminal, 1, 'main');
    const sub = receiver.expect(terminal, 1, 'sub');
    const [large, small] = [new Camera(), new Camera()];
    const one = tcp(receiver, 'a');
    const two = tcp(receiver, 'b');
    one.send(large.unit(cifKey(1), { dataType: 0 }));
    two.send(small.key(300, 0));
    one.send(large.unit(cifKey(2), { dataType: 0 }));
    two.send([...small.plain(100, 40), ...small.key(310, 80)]);
    expect(receiver.tally.get('intake.swappedStreams')).toBe(1);
    expect(main.frames.at(-1)?.data).toEqual(cifKey(2));
    expect(sub.frames.at(-1)?.data).toEqual(keyUnit(310));
    expect(sub.told).toEqual(['open a', 'key', 'open b', 'gap 0 sourceChanged', 'key', 'frame', 'key']);
  });

  it('after both broke off, the one that returns first goes where its size was', () => {
    const receiver = new Receiver({ known: [terminal] });
    const main = receiver.expect(terminal, 1, 'main');
    const first = tcp(receiver, 'a');
    first.send(new Camera().unit(cifKey(1), { dataType: 0 }));
    const sub = receiver.expect(terminal, 1, 'sub');
    const second = tcp(receiver, 'b');
    second.send(new Camera().key(300, 0));
    receiver.intake.sourceClosed(first.source);
    receiver.intake.sourceClosed(second.source);

    const large = new Camera();
    tcp(receiver, 'c').send([...large.unit(cifKey(2), { dataType: 0 }), ...large.plain(200, 40)]);
    expect(main.frames.map(frame => frame.data)).toEqual([cifKey(1), cifKey(2), plainUnit(200)]);
    expect(sub.frames.length).toBe(1);
    const small = new Camera();
    tcp(receiver, 'd').send([...small.key(310, 0), ...small.plain(100, 40)]);
    expect(sub.frames.map(frame => frame.data)).toEqual([keyUnit(300), keyUnit(310), plainUnit(100)]);
  });

  it('one source whose picture size changes right after the other was asked for has switched', () => {
    const receiver = new Receiver({ known: [terminal] });
    const main = receiver.expect(terminal, 1, 'main');
    const camera = new Camera();
    const peer = tcp(receiver, 'a');
    peer.send(camera.unit(cifKey(1), { dataType: 0 }));
    receiver.pass(60_000);
    const sub = receiver.expect(terminal, 1, 'sub');
    peer.send([...camera.unit(cifKey(2), { dataType: 0 }), ...camera.key(300, 80), ...camera.plain(100, 120)]);
    expect(main.told).toEqual(['open a', 'key', 'key', 'closed']);
    expect(sub.told).toEqual(['open a', 'key', 'frame']);
    expect(receiver.tally.get('intake.switchedStream')).toBe(1);
  });

  it('a picture size that changes long after has not', () => {
    const receiver = new Receiver({ known: [terminal] });
    const main = receiver.expect(terminal, 1, 'main');
    receiver.expect(terminal, 1, 'sub');
    const camera = new Camera();
    const peer = tcp(receiver, 'a');
    receiver.intake.forget({ terminal, channel: 1, stream: 'sub' });
    peer.send(camera.unit(cifKey(1), { dataType: 0 }));
    const sub = receiver.expect(terminal, 1, 'sub');
    for (let second = 0; second < 10; second++) {
      receiver.pass(1000);
      peer.send(camera.plain(100, second * 1000));
    }
    peer.send(camera.key(300, 20_000));
    expect(main.frames.length).toBe(12);
    expect(sub.told).toEqual([]);
  });
});

describe('two hundred vehicles', () => {
  const sim = (vehicle: number) => bytes(`0139${String(vehicle).padStart(8, '0')}`);
  const id = (vehicle: number) => `139${String(vehicle).padStart(8, '0')}`;

  it('behind one address and port, over UDP', () => {
    const receiver = new Receiver();
    const recordings = Array.from({ length: 200 }, (_, vehicle) => receiver.expect(id(vehicle), 1));
    const cameras = recordings.map((_, vehicle) => new Camera({ sim: sim(vehicle), sequence: vehicle * 300 }));
    const source = receiver.udpSource('nat');
    for (let frame = 0; frame < 4; frame++) {
      const perCamera = cameras.map((camera, vehicle) =>
        frame === 0 ? camera.key(2000, 0, vehicle) : camera.plain(1200, frame * 40, vehicle),
      );
      for (let packet = 0; packet < 3; packet++)
        for (const packets of perCamera)
          for (const datagram of packets.slice(packet, packet + 1)) receiver.datagram(source, datagram);
    }
    receiver.pass(200);
    for (const [vehicle, recording] of recordings.entries()) {
      expect(recording.gaps).toEqual([]);
      expect(recording.frames.map(frame => frame.data)).toEqual([
        keyUnit(2000, vehicle),
        plainUnit(1200, vehicle),
        plainUnit(1200, vehicle),
        plainUnit(1200, vehicle),
      ]);
    }
  });

  it('through one gateway’s TCP connection', () => {
    const receiver = new Receiver();
    const recordings = Array.from({ length: 200 }, (_, vehicle) => receiver.expect(id(vehicle), 1));
    const cameras = recordings.map((_, vehicle) => new Camera({ sim: sim(vehicle), sequence: vehicle * 300 }));
    const peer = tcp(receiver, 'gateway');
    for (let frame = 0; frame < 3; frame++)
      peer.send([
        join(...cameras.flatMap(camera => (frame === 0 ? camera.key(2000, 0) : camera.plain(1200, frame * 40)))),
      ]);
    for (const recording of recordings) {
      expect(recording.gaps).toEqual([]);
      expect(recording.frames.length).toBe(3);
    }
  });
});

it('sound is never held back by lost pictures', () => {
  const receiver = new Receiver({ known: [terminal] });
  const recording = receiver.expect(terminal, 1);
  const camera = new Camera();
  const peer = tcp(receiver, 'a');
  peer.send(camera.key(500, 0));
  camera.sequence++;
  for (let index = 0; index < 5; index++)
    peer.send([...camera.plain(200, index * 40), camera.sound(noise(160), index * 40)]);
  expect(recording.sounds.length).toBe(5);
  expect(recording.frames.length).toBe(1);
});
