import { describe, expect, it } from 'vitest';
import { encodePacket } from '../../electron/codec/jt1078/packet.ts';
import { dataTypes } from '../../electron/codec/jt1078/payload-type.ts';
import { captureBytes, hasCapture } from '../codec/captures.ts';
import { Random } from '../fuzz/random.ts';
import { Receiver } from './receiver.ts';

/** Payload types of 1078-2016 table 12, and the bytes of 40 ms of sound. */
const samples = {
  'sample_16.g726': { payloadType: 8, perPacket: 80 },
  'sample_24.g726': { payloadType: 8, perPacket: 120 },
  'sample_32.g726': { payloadType: 8, perPacket: 160 },
  'sample_40.g726': { payloadType: 8, perPacket: 200 },
  'sample_g711a-8k': { payloadType: 6, perPacket: 320 },
  'sample_g711u-8k': { payloadType: 7, perPacket: 320 },
} as const;

const terminal = '13912345678';
const sim = Uint8Array.from([0x01, 0x39, 0x12, 0x34, 0x56, 0x78]);

for (const [name, { payloadType, perPacket }] of Object.entries(samples))
  describe.skipIf(!hasCapture(name))(`sound of ${name}`, () => {
    it('reaches the sink packet by packet as it was sent, over TCP in pieces of any size', () => {
      const sample = captureBytes(name);
      const payloads: Uint8Array[] = [];
      for (let at = 0; at < sample.length; at += perPacket) payloads.push(sample.subarray(at, at + perPacket));
      const stream = Buffer.concat(
        payloads.map((payload, index) =>
          encodePacket({
            payloadType,
            marker: true,
            sequence: 65_500 + index,
            sim,
            channel: 1,
            dataType: dataTypes.audio,
            part: 0,
            timestamp: BigInt(index * 40),
            payload,
          }),
        ),
      );
      const receiver = new Receiver({ known: [terminal] });
      const sink = receiver.expect(terminal, 1);
      const { delimiter } = receiver.connect();
      const random = new Random(perPacket);
      for (let at = 0; at < stream.length; ) {
        const next = Math.min(stream.length, at + 1 + random.below(1500));
        delimiter.push(Buffer.from(stream.subarray(at, next)));
        at = next;
      }
      expect(sink.sounds.length).toBe(payloads.length);
      expect(Buffer.concat(sink.sounds.map(sound => sound.data)).equals(sample)).toBe(true);
      expect(sink.sounds.map(sound => sound.data.length)).toEqual(payloads.map(payload => payload.length));
      expect(new Set(sink.sounds.map(sound => sound.payloadType))).toEqual(new Set([payloadType]));
      expect(sink.sounds.map(sound => sound.ptsMs - sink.sounds[0]!.ptsMs)).toEqual(payloads.map((_, at) => at * 40));
      expect(sink.lost).toBe(0);
      expect(delimiter.junkBytes).toBe(0);
    });
  });
