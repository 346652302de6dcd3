import { describe, expect, it } from 'vitest';
import { type BitOrder, G726Decoder, G726Encoder } from '../../../electron/codec/audio/g726.ts';
import type { G726Bits } from '../../../electron/codec/audio/g726-tables.ts';
import { Random } from '../../fuzz/random.ts';
import { captureBytes, hasCapture } from '../captures.ts';
import { bytesOf, decodedByFfmpeg, encodedByFfmpeg, hasFfmpeg, sounds } from './reference.ts';

const widths: readonly G726Bits[] = [2, 3, 4, 5];
const orders: readonly BitOrder[] = ['lsb', 'msb'];
const forms = widths.flatMap(bits => orders.map(order => ({ bits, order })));
/** ffmpeg's names: RFC 3551's packing is its `g726le`. */
const named = { lsb: 'g726le', msb: 'g726' } as const;

function theirs(bytes: Uint8Array, bits: G726Bits, order: BitOrder): Int16Array {
  return decodedByFfmpeg(['-f', named[order], '-code_size', String(bits), '-sample_rate', '8000'], bytes);
}

/** Bytes of a whole number of samples, in packets as long as a terminal's. */
function ours(bytes: Uint8Array, bits: G726Bits, order: BitOrder): Int16Array {
  const decoder = new G726Decoder(bits, order);
  const packets: number[] = [];
  for (let at = 0; at < bytes.length; at += 40 * bits)
    packets.push(...decoder.decode(bytes.subarray(at, at + 40 * bits)));
  return Int16Array.from(packets);
}

/** Where ffmpeg's 16 bits overflow it goes on at the other end, which is a crack in the loudspeaker; ours stays at the limit. */
function differences(a: Int16Array, b: Int16Array): { atLimit: number; elsewhere: number } {
  let atLimit = 0;
  let elsewhere = 0;
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) continue;
    if (a[at] === 32767 || a[at] === -32768) atLimit++;
    else elsewhere++;
  }
  return { atLimit, elsewhere };
}

describe('G.726', () => {
  it.each(forms)('takes $bits bits a sample in packets of any length, $order first', ({ bits, order }) => {
    const bytes = new Random(bits).bytes(500);
    const whole = new G726Decoder(bits, order).decode(bytes);
    const decoder = new G726Decoder(bits, order);
    const pieces = [1, 3, 7, 64, 25, 400].reduce<{ at: number; samples: number[] }>(
      ({ at, samples }, length) => ({
        at: at + length,
        samples: [...samples, ...decoder.decode(bytes.subarray(at, at + length))],
      }),
      { at: 0, samples: [] },
    );
    expect(pieces.samples).toEqual([...whole]);
    expect(whole).toHaveLength(Math.floor(4000 / bits));
  });

  it('packs the first sample where its order says', () => {
    const loud = Int16Array.from({ length: 8 }, (_, at) => (at === 0 ? 30_000 : 0));
    const codes = new G726Encoder(4, 'msb').encode(loud);
    const swapped = new G726Encoder(4, 'lsb').encode(loud);
    expect([...swapped]).toEqual([...codes].map(byte => ((byte & 15) << 4) | (byte >> 4)));
    expect(codes[0]! >> 4).toBe(7);
  });
});

describe.skipIf(!hasFfmpeg)('G.726 beside ffmpeg (skipped where it is not installed)', () => {
  for (const { bits, order } of forms)
    describe(`at ${bits * 8} kbit/s, ${order} first`, () => {
      // The orders differ in their packing alone: all sounds in one, two in the other.
      const names = order === 'msb' ? Object.keys(sounds) : ['white noise', 'voice'];
      it.each(names)('encodes and decodes to the same bits: %s', name => {
        const output = ['-c:a', named[order], '-b:a', String(bits * 8000), '-f', named[order]];
        const coded = encodedByFfmpeg(sounds[name]!, output);
        expect(coded.equals(new G726Encoder(bits, order).encode(sounds[name]!))).toBe(true);
        expect(bytesOf(ours(coded, bits, order)).equals(bytesOf(theirs(coded, bits, order)))).toBe(true);
      });

      it('decodes any bytes to the same, but where those overflow 16 bits', () => {
        const bytes = new Random(bits * 10).bytes(bits * 4000);
        const mine = ours(bytes, bits, order);
        expect(mine).toHaveLength(32_000);
        const found = differences(mine, theirs(bytes, bits, order));
        expect(found.elsewhere).toBe(0);
      });
    });

  for (const bits of widths) {
    const name = `sample_${bits * 8}.g726`;
    it.skipIf(!hasCapture(name))(`decodes ${name} to the same bits`, () => {
      const bytes = captureBytes(name);
      expect(bytesOf(ours(bytes, bits, 'msb')).equals(bytesOf(theirs(bytes, bits, 'msb')))).toBe(true);
      expect(differences(ours(bytes, bits, 'lsb'), theirs(bytes, bits, 'lsb')).elsewhere).toBe(0);
    });
  }
});
