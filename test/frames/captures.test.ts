import { describe, expect, it } from 'vitest';
import { encodeFrames } from '../../electron/codec/jt808/frame.ts';
import { sequenceSet } from '../../electron/frames/nal.ts';
import { pictureSize } from '../../electron/frames/sps.ts';
import { captures, hasCapture, readCapture } from '../codec/captured-stream.ts';
import { Random } from '../fuzz/random.ts';
import { Receiver } from './receiver.ts';

const streams = {
  'smallchi-jt1078_1': {
    terminal: '12345678999',
    channel: 1,
    packets: 8,
    frames: 1,
    keys: 1,
    sounds: 0,
    profile: 77,
    level: 20,
  },
  'smallchi-jt1078_2': {
    terminal: '12345678999',
    channel: 1,
    packets: 314,
    frames: 270,
    keys: 6,
    sounds: 0,
    profile: 77,
    level: 20,
  },
  'xtream-sim6-h264-adpcma': {
    terminal: '13800138999',
    channel: 2,
    packets: 57,
    frames: 18,
    keys: 1,
    sounds: 28,
    profile: 77,
    level: 20,
  },
} as const;

/** Packets of a capture by their length fields: SIM of 6 bytes, video or audio. */
function cutPackets(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = bytes[at + 15]! >> 4 === 3 ? 26 : 30;
    const end = at + header + ((bytes[at + header - 2]! << 8) | bytes[at + header - 1]!);
    packets.push(bytes.subarray(at, end));
    at = end;
  }
  return packets;
}

function feed(receiver: Receiver, chunks: Iterable<Uint8Array>): void {
  const { source, delimiter } = receiver.connect();
  for (const chunk of chunks) delimiter.push(chunk);
  receiver.intake.sourceClosed(source);
}

function* splits(bytes: Uint8Array, random: Random, largest: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + random.below(largest);
    yield bytes.slice(at, next);
    at = next;
  }
}

for (const name of captures)
  describe.skipIf(!hasCapture(name))(`capture ${name}`, () => {
    const expected = streams[name];
    const open = () => {
      const receiver = new Receiver({ known: [expected.terminal] });
      return { receiver, recording: receiver.expect(expected.terminal, expected.channel) };
    };

    it('gives its access units byte for byte, fed whole', () => {
      const { packets, units } = readCapture(name);
      const { receiver, recording } = open();
      feed(receiver, [packets]);
      expect(Buffer.compare(recording.bytes(), units)).toBe(0);
      expect(receiver.packets.length).toBe(expected.packets);
      expect(recording.frames.length).toBe(expected.frames);
      expect(recording.frames.filter(frame => frame.key).length).toBe(expected.keys);
      expect(recording.sounds.length).toBe(expected.sounds);
      expect(recording.gaps).toEqual([]);
      expect(receiver.tally.get('delimit.junkBytes')).toBe(0);
    });

    it('has a picture size', () => {
      const { units } = readCapture(name);
      const size = pictureSize(sequenceSet(units, 'h264')!, 'h264');
      expect(size).toMatchObject({ width: 352, height: 288, profile: expected.profile, level: expected.level });
    });

    it('gives the same without knowing the terminal beforehand', () => {
      const { packets, units } = readCapture(name);
      const receiver = new Receiver();
      const recording = receiver.expect(expected.terminal, expected.channel);
      feed(receiver, [packets]);
      expect(Buffer.compare(recording.bytes(), units)).toBe(0);
    });

    it('gives the same fed byte by byte', () => {
      const { packets, units } = readCapture(name);
      const { receiver, recording } = open();
      feed(receiver, splits(packets, new Random(1), 1));
      expect(Buffer.compare(recording.bytes(), units)).toBe(0);
    });

    it('gives the same however it is split', () => {
      const { packets, units } = readCapture(name);
      for (const largest of [3, 50, 999, 1500, 9000]) {
        const { receiver, recording } = open();
        feed(receiver, splits(packets, new Random(largest), largest));
        expect(Buffer.compare(recording.bytes(), units)).toBe(0);
      }
    });

    it('gives the same with junk and 808 frames between packets', () => {
      const { packets, units } = readCapture(name);
      const beat = encodeFrames({ id: 2, version: '2013', phone: new Uint8Array(6), serial: 7 }, new Uint8Array(0))[0]!;
      const between = [
        beat,
        Uint8Array.of(0x24, 0x24),
        Uint8Array.of(0x7e),
        Uint8Array.of(0x30, 0x31),
        new Uint8Array(40),
      ];
      const random = new Random(5);
      const pieces = cutPackets(packets).flatMap(packet => [packet, between[random.below(between.length)]!]);
      const { receiver, recording } = open();
      feed(receiver, splits(new Uint8Array(Buffer.concat(pieces)), random, 700));
      expect(Buffer.compare(recording.bytes(), units)).toBe(0);
      expect(recording.gaps).toEqual([]);
      expect(receiver.messages.length).toBe(pieces.filter(piece => piece === beat).length);
    });

    it('gives the same over UDP with packets out of order inside the window', () => {
      const { packets, units } = readCapture(name);
      const { receiver, recording } = open();
      const source = receiver.udpSource();
      const random = new Random(11);
      const order = cutPackets(packets).map((packet, index) => ({ packet, at: index + random.below(6) }));
      order.sort((a, b) => a.at - b.at);
      for (const { packet } of order) receiver.datagram(source, packet);
      receiver.pass(200);
      expect(Buffer.compare(recording.bytes(), units)).toBe(0);
      expect(recording.gaps).toEqual([]);
      expect(recording.lost).toBe(0);
    });

    it('gives only original units, from a key frame on, when 5 % of the packets are lost', () => {
      const { packets } = readCapture(name);
      const whole = open();
      feed(whole.receiver, [packets]);
      const originals = new Map(
        whole.recording.frames.map(frame => [Buffer.from(frame.data).toString('latin1'), frame.key]),
      );
      for (let seed = 0; seed < 10; seed++) {
        const random = new Random(seed);
        const { receiver, recording } = open();
        feed(
          receiver,
          cutPackets(packets).filter(() => random.below(100) >= 5),
        );
        let isBroken = false;
        let at = 0;
        for (const told of recording.told) {
          if (told.startsWith('gap')) isBroken = true;
          if (told !== 'key' && told !== 'frame') continue;
          const frame = recording.frames[at++]!;
          expect(originals.get(Buffer.from(frame.data).toString('latin1'))).toBe(frame.key);
          if (frame.key) isBroken = false;
          expect(isBroken).toBe(false);
        }
      }
    });
  });
