import { describe, expect, it } from 'vitest';
import { withHisiHeader, withoutHisiHeader } from '../../../electron/codec/audio/hisi-header.ts';
import {
  decodeImaPacket,
  encodeImaPacket,
  type ImaLayout,
  imaLayouts,
  readImaState,
} from '../../../electron/codec/audio/ima-adpcm.ts';
import { ImaSound } from '../../../electron/codec/audio/ima-sound.ts';
import { Random } from '../../fuzz/random.ts';
import { captures, hasCapture, readCapture } from '../captured-stream.ts';
import { soundOfCapture } from './capture-sound.ts';
import { bytesOf, decodedByFfmpeg, hasFfmpeg, sounds } from './reference.ts';

const capture = captures[2];
const low = { isLittleEndian: true, isHighFirst: false };

/** 40 ms packets of a sound, each with the state before it. */
function packetsOf(samples: Int16Array, layout: ImaLayout): Uint8Array[] {
  const state = { predictor: 0, index: 0 };
  const packets: Uint8Array[] = [];
  for (let at = 0; at + 320 <= samples.length; at += 320)
    packets.push(encodeImaPacket(samples.subarray(at, at + 320), layout, state));
  return packets;
}

/**
 * A file of ffmpeg's `adpcm_ima_apm`: that one has the same arithmetic (whole shifts of the step, as the IMA's document has
 * it), the high nibble first, and its first state in the file's head, which is all that is needed. `adpcm_ima_dk4` has our very
 * layout and multiplies instead, so that it is off by a few; `adpcm_ima_wav` multiplies as well and has the low nibble first.
 */
function apmFile(predictor: number, index: number, codes: Uint8Array): Buffer {
  const head = Buffer.alloc(100);
  head.writeUInt16LE(0x2000, 0);
  head.writeUInt16LE(1, 2);
  head.writeUInt32LE(8000, 4);
  head.writeUInt32LE(4000, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(4, 14);
  head.writeUInt32LE(80, 16);
  head.write('vs12', 20);
  head.writeUInt32LE(100 + codes.length, 24);
  head.writeUInt32LE(codes.length, 28);
  head.writeInt32LE(predictor, 20 + 36);
  head.writeInt32LE(index, 20 + 40);
  head.write('DATA', 96);
  return Buffer.concat([head, codes]);
}

describe('IMA ADPCM', () => {
  it('decodes by hand: the steps of the IMA document, each code a sum of whole shifts', () => {
    // Step 7: code 7 is 7/8 + 7 + 7/2 + 7/4, whole shifts: 0 + 7 + 3 + 1. The index goes up by 8, to the step of 16.
    const state = { predictor: 0, index: 0 };
    expect([...decodeImaPacket(Uint8Array.of(0, 0, 0, 0, 0x7f), imaLayouts.pt26, state)]).toEqual([11, 11 - 30]);
    expect(state).toEqual({ predictor: -19, index: 16 });
  });

  it('reads a state of either byte order, and none beyond the table', () => {
    expect(readImaState(Uint8Array.of(0xfa, 0x56, 0x23, 0), imaLayouts.pt26)).toEqual({ predictor: 0x56fa, index: 35 });
    expect(readImaState(Uint8Array.of(0xfa, 0x56, 0x23, 0), imaLayouts.dvi4)).toEqual({
      predictor: 0xfa56 - 65536,
      index: 35,
    });
    expect(readImaState(Uint8Array.of(0, 0, 200, 0), imaLayouts.pt26).index).toBe(88);
  });

  // Noise and sharp pulses are more than its steps can follow.
  it.each(Object.keys(sounds).filter(name => !/noise|voice/.test(name)))('keeps %s within what four bits can', name => {
    const samples = sounds[name]!;
    const state = { predictor: 0, index: 0 };
    const heard = packetsOf(samples, imaLayouts.pt26).flatMap(packet => [
      ...decodeImaPacket(packet, imaLayouts.pt26, Object.assign(state, readImaState(packet, imaLayouts.pt26))),
    ]);
    let error = 0;
    let energy = 0;
    for (let at = 0; at < heard.length; at++) {
      error += (heard[at]! - samples[at]!) ** 2;
      energy += samples[at]! ** 2;
    }
    expect(error).toBeLessThanOrEqual(energy / 20 + heard.length * 8);
  });

  it('finds out the layout by headers that are the end of the packet before', () => {
    for (const layout of [low, imaLayouts.dvi4, { isLittleEndian: false, isHighFirst: false }]) {
      const packets = packetsOf(sounds.tone!, layout);
      const wanted = new ImaSound(layout, 8000);
      const found = new ImaSound(imaLayouts.pt26, 8000);
      const right = packets.map(packet => bytesOf(wanted.decode(packet)).equals(bytesOf(found.decode(packet))));
      expect(right.lastIndexOf(false)).toBeLessThan(5);
      expect(right.at(-1)).toBe(true);
    }
  });

  it('keeps the declared layout through silence, gaps and noise', () => {
    const packets = packetsOf(sounds['tone that stops']!, imaLayouts.pt26);
    const random = new Random(3);
    const sound = new ImaSound(imaLayouts.pt26, 8000);
    for (const packet of packets) {
      if (random.chance(30)) continue;
      if (random.chance(10)) sound.decode(random.bytes(164));
      const alone = decodeImaPacket(packet, imaLayouts.pt26, readImaState(packet, imaLayouts.pt26));
      expect(bytesOf(sound.decode(packet)).equals(bytesOf(alone))).toBe(true);
    }
  });
});

describe.skipIf(!hasFfmpeg)('IMA ADPCM beside ffmpeg (skipped where it is not installed)', () => {
  it.each([
    { predictor: 0, index: 0 },
    { predictor: -22_000, index: 35 },
    { predictor: 32_767, index: 88 },
  ])('decodes any codes to the same bits from $predictor and $index', start => {
    const codes = new Random(start.index + 1).bytes(4000);
    const mine = decodeImaPacket(Buffer.concat([Buffer.alloc(4), codes]), imaLayouts.pt26, { ...start });
    const theirs = decodedByFfmpeg(['-f', 'apm'], apmFile(start.predictor, start.index, codes));
    expect(theirs).toHaveLength(8000);
    expect(bytesOf(mine).equals(bytesOf(theirs))).toBe(true);
  });

  it.skipIf(!hasCapture(capture))(`decodes ${capture} to the same bits as one stream without its headers`, () => {
    const packets = soundOfCapture(capture).map(withoutHisiHeader);
    const start = readImaState(packets[0]!, imaLayouts.pt26);
    const codes = Buffer.concat(packets.map(packet => packet.subarray(4)));
    const sound = new ImaSound(imaLayouts.pt26, 8000);
    const mine = packets.flatMap(packet => [...sound.decode(packet)]);
    const theirs = decodedByFfmpeg(['-f', 'apm'], apmFile(start.predictor, start.index, codes));
    expect(mine).toHaveLength(28 * 320);
    expect(bytesOf(Int16Array.from(mine)).equals(bytesOf(theirs))).toBe(true);
  });
});

describe.skipIf(!hasCapture(capture))(`the chain of ${capture}`, () => {
  it('closes 27 times of 27 with the high nibble first, and never with the low one', () => {
    expect(readCapture(capture).packets.length).toBe(27_166);
    const packets = soundOfCapture(capture);
    expect(packets.map(packet => packet.length)).toEqual(Array.from({ length: 28 }, () => 168));
    const closing = (layout: ImaLayout) =>
      packets.slice(1).filter((packet, at) => {
        const before = withoutHisiHeader(packets[at]!);
        const state = readImaState(before, layout);
        decodeImaPacket(before, layout, state);
        const header = readImaState(withoutHisiHeader(packet), layout);
        return state.predictor === header.predictor && state.index === header.index;
      }).length;
    expect(closing(imaLayouts.pt26)).toBe(27);
    expect(closing(low)).toBe(0);
  });

  it('is marked as we would mark it', () => {
    for (const packet of soundOfCapture(capture)) {
      expect(withHisiHeader(withoutHisiHeader(packet))).toEqual(packet);
      expect(withoutHisiHeader(packet)).toHaveLength(164);
    }
  });
});
