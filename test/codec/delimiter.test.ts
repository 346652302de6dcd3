import { describe, expect, it } from 'vitest';
import { encodeFrames } from '../../electron/codec/jt808/frame.ts';
import { Receiver } from '../frames/receiver.ts';
import { bytes as hex, join } from './hex.ts';
import { Camera, keyUnit, noise, plainUnit, sim6, sim10, terminal } from './jt1078/camera.ts';

const beat = encodeFrames({ id: 2, version: '2013', phone: sim6, serial: 1 }, new Uint8Array(0))[0]!;
const flag = Uint8Array.of(0x7e);

function connect(known: string[] = [terminal]) {
  const receiver = new Receiver({ known });
  const recording = receiver.expect(terminal, 1);
  return { receiver, recording, ...receiver.connect() };
}

describe('position and junk', () => {
  it('tells where in the stream a unit began, over chunks', () => {
    const positions: number[] = [];
    const { receiver, source } = connect();
    const camera = new Camera();
    const packet = camera.plain(100, 0)[0]!;
    const { delimiter } = receiver.connect();
    delimiter.push(join(hex('00 00'), beat, packet.subarray(0, 50)));
    positions.push(delimiter.position);
    delimiter.push(packet.subarray(50));
    positions.push(delimiter.position);
    expect(source.id).toBe('tcp-1');
    expect(positions).toEqual([2 + beat.length, 2 + beat.length + packet.length]);
  });

  it('counts junk since the last good unit, and starts anew with one', () => {
    const { delimiter, receiver } = connect();
    delimiter.push(noise(300).map(byte => (byte === 0x7e || byte === 0x30 ? 1 : byte)));
    expect(delimiter.junkBytes).toBe(300);
    expect(delimiter.pendingBytes).toBe(0);
    delimiter.push(beat);
    expect(delimiter.junkBytes).toBe(0);
    expect(receiver.tally.get('delimit.junkBytes')).toBe(300);
    expect(receiver.tally.get('delimit.resync')).toBe(1);
  });
});

describe('a stray flag', () => {
  it('does not swallow the frame behind it', () => {
    const { delimiter, receiver } = connect();
    delimiter.push(join(flag, hex('2424'), beat, beat));
    expect(receiver.messages.length).toBe(2);
    expect(receiver.tally.get('delimit.tooShort') + receiver.tally.get('delimit.badChecksum')).toBeGreaterThan(0);
  });

  it('does not hold back media that is complete behind it', () => {
    const { delimiter, receiver, recording } = connect();
    const camera = new Camera();
    delimiter.push(join(flag, ...camera.key(500, 0)));
    expect(recording.frames.map(frame => frame.data)).toEqual([keyUnit(500)]);
    expect(receiver.tally.get('delimit.strayFlag')).toBe(1);
  });

  it('does not hold back media whose bytes come one at a time', () => {
    const { delimiter, recording } = connect();
    const camera = new Camera();
    for (const byte of join(flag, ...camera.key(500, 0), flag, hex('0002'), ...camera.plain(300, 40)))
      delimiter.push(Uint8Array.of(byte));
    expect(recording.frames.map(frame => frame.data)).toEqual([keyUnit(500), plainUnit(300)]);
  });

  it('is given up after the longest frame there can be', () => {
    const { delimiter } = connect();
    delimiter.push(flag);
    for (let sent = 0; sent < 4000; sent += 100) delimiter.push(new Uint8Array(100).fill(1));
    expect(delimiter.pendingBytes).toBe(0);
    expect(delimiter.junkBytes).toBe(4001);
  });

  it('opens the longest frame, every byte of it escaped', () => {
    const { delimiter, receiver } = connect();
    const [frame] = encodeFrames(
      { id: 0x0900, version: '2013', phone: sim6, serial: 1 },
      new Uint8Array(1023).fill(0x7e),
    );
    for (const byte of frame!) delimiter.push(Uint8Array.of(byte));
    expect(receiver.messages[0]?.body.length).toBe(1023);
  });
});

describe('a truncated packet', () => {
  const cutBy = (count: number) => {
    const camera = new Camera();
    const packets = [...camera.key(2500, 0), ...camera.plain(1800, 40), ...camera.key(900, 80)];
    packets[3] = packets[3]!.subarray(0, packets[3]!.length - count);
    return packets;
  };

  for (const count of [1, 2, 3, 4, 20, 500, 949, 960, 979])
    it(`of which ${count} bytes are missing is not handed on, the one behind it is`, () => {
      const { delimiter, receiver, recording } = connect();
      delimiter.push(join(...cutBy(count)));
      expect(receiver.packets.length).toBe(5);
      expect(recording.frames.map(frame => frame.data)).toEqual([keyUnit(2500), keyUnit(900)]);
      expect(recording.gaps.length).toBeGreaterThan(0);
    });

  it('is told as soon as the next header is there, however long it claims to be', () => {
    const { delimiter, receiver } = connect();
    const camera = new Camera();
    const first = camera.plain(300, 0)[0]!;
    first[28] = 0xff;
    delimiter.push(first);
    expect(receiver.packets.length).toBe(0);
    delimiter.push(camera.plain(200, 40)[0]!);
    expect(receiver.packets.map(packet => packet.payload.length)).toEqual([200]);
    expect(receiver.tally.get('delimit.truncatedPacket')).toBe(1);
  });

  it('does not hide an 808 frame behind it', () => {
    const { delimiter, receiver } = connect();
    const camera = new Camera();
    const first = camera.plain(900, 0)[0]!.subarray(0, 300);
    delimiter.push(join(first, beat, ...camera.plain(200, 40)));
    expect(receiver.messages.length).toBe(1);
    expect(receiver.packets.map(packet => packet.payload.length)).toEqual([200]);
  });
});

it('a payload that contains a magic, or a packet of nobody, is not cut', () => {
  const { delimiter, receiver } = connect();
  const camera = new Camera();
  const foreign = new Camera({ sim: hex('999999999999') }).plain(40, 0)[0]!;
  const payload = join(hex('00000001 41'), hex('30316364'), noise(50), foreign, noise(20));
  delimiter.push(join(camera.packet({ payload }), camera.packet({ payload: noise(30) })));
  expect(receiver.packets.map(packet => packet.payload)).toEqual([payload, noise(30)]);
});

it('a packet with junk behind it is handed on', () => {
  const { delimiter, receiver } = connect();
  const camera = new Camera();
  delimiter.push(join(camera.packet({ payload: noise(30) }), hex('DEADBEEF'), camera.packet({ payload: noise(31) })));
  expect(receiver.packets.length).toBe(2);
  expect(receiver.tally.get('delimit.junkBytes')).toBe(4);
});

it('is not held back by a magic that is none', () => {
  const { delimiter, receiver } = connect();
  const camera = new Camera();
  // magic and 0x81, then nibbles that no packet has
  delimiter.push(join(hex('30316364 81'), new Uint8Array(40).fill(0xff), camera.packet({ payload: noise(30) })));
  expect(receiver.packets.length).toBe(1);
  expect(receiver.tally.get('delimit.badPacket')).toBe(1);
});

it('refuses a payload above the setting', () => {
  const receiver = new Receiver({ known: [terminal], settings: { maxPacketBytes: 1000 } });
  const { delimiter } = receiver.connect();
  const camera = new Camera();
  delimiter.push(join(camera.packet({ payload: noise(1001) }), camera.packet({ payload: noise(1000) })));
  expect(receiver.packets.map(packet => packet.payload.length)).toEqual([1000]);
});

it('two terminals with SIMs of different widths share one connection', () => {
  const { delimiter, receiver } = connect([]);
  const six = new Camera({ sim: hex('000056AEBC2A') });
  const ten = new Camera({ sim: sim10 });
  const packets = Array.from({ length: 12 }, (_, index) =>
    (index % 3 === 0 ? ten : six).packet({ payload: noise(30) }),
  );
  delimiter.push(join(...packets));
  expect(receiver.packets.map(packet => packet.sim.length)).toEqual(
    packets.map((_, index) => (index % 3 === 0 ? 10 : 6)),
  );
});

it('every packet of any header form is whole as soon as its last byte is there', () => {
  for (const sim of [sim6, sim10]) {
    const { delimiter, receiver } = connect();
    const camera = new Camera({ sim });
    const packets = [
      camera.packet({ payload: noise(30) }),
      camera.sound(noise(20), 5),
      camera.packet({ payloadType: 91, dataType: 4, payload: noise(3) }),
      camera.packet({ payload: new Uint8Array(0) }),
    ];
    for (const [index, packet] of packets.entries()) {
      delimiter.push(packet);
      expect(receiver.packets.length).toBe(index + 1);
      expect(delimiter.pendingBytes).toBe(0);
    }
  }
});

it('a byte of payload that looks like a flag does not make the other SIM width fit', () => {
  const { delimiter, receiver } = connect();
  const camera = new Camera();
  // read with a SIM of 10 bytes the length would be 0x0102: 7E stands there
  const payload = noise(600);
  payload.set([0x01, 0x02], 2);
  for (let at = 200; at < 400; at++) payload[at] = 0x7e;
  const packet = camera.packet({ payload });
  delimiter.push(camera.packet({ payload: noise(30) }));
  delimiter.push(packet.subarray(0, 500));
  delimiter.push(packet.subarray(500));
  expect(receiver.packets.map(({ payload }) => payload.length)).toEqual([30, 600]);
});
