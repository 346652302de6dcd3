import { describe, expect, it } from 'vitest';
import { Receiver } from '../frames/receiver.ts';
import { bytes as hex, join } from './hex.ts';
import { Camera, noise, sim10, terminal } from './jt1078/camera.ts';

function read(bytes: Uint8Array, known: string[] = []) {
  const receiver = new Receiver({ known });
  receiver.datagram(receiver.udpSource(), bytes);
  return { receiver, payloads: receiver.packets.map(packet => packet.payload) };
}

describe('datagram', () => {
  it('carries one packet, or several of either width', () => {
    for (const sim of [hex('000056AEBC2A'), sim10]) {
      const camera = new Camera({ sim });
      const packets = [
        camera.packet({ payload: noise(30) }),
        camera.sound(noise(160), 3),
        camera.packet({ payload: noise(9) }),
      ];
      expect(read(packets[0]!).payloads).toEqual([noise(30)]);
      expect(read(join(...packets)).payloads).toEqual([noise(30), noise(160), noise(9)]);
    }
  });

  it('that is truncated gives nothing', () => {
    const packet = new Camera().packet({ payload: noise(100) });
    for (const length of [0, 1, 4, 5, 20, 29, 30, 129]) {
      const { receiver, payloads } = read(packet.subarray(0, length), [terminal]);
      expect(payloads).toEqual([]);
      expect(receiver.tally.get('datagram.bad')).toBe(length === 0 ? 0 : 1);
    }
  });

  it('with something appended gives the packet of a known terminal', () => {
    const packet = new Camera({ sim: sim10 }).packet({ payload: noise(100) });
    const { receiver, payloads } = read(join(packet, hex('00000000')), [terminal]);
    expect(payloads).toEqual([noise(100)]);
    expect(receiver.tally.get('datagram.junkBytes')).toBe(4);
  });

  it('whose first packet is truncated gives the second', () => {
    const camera = new Camera();
    const first = camera.packet({ payload: noise(100) });
    const second = camera.packet({ payload: noise(101) });
    expect(read(join(first.subarray(0, 80), second), [terminal]).payloads).toEqual([noise(101)]);
  });

  it('tells with which offset a packet began', () => {
    const camera = new Camera();
    const receiver = new Receiver();
    receiver.datagram(
      receiver.udpSource(),
      join(camera.packet({ payload: noise(3) }), camera.packet({ payload: noise(4) })),
    );
    expect(receiver.packets.map(packet => packet.sequence)).toEqual([0, 1]);
  });
});
