import { describe, expect, it } from 'vitest';
import { createSoundDecoder, type SoundDecoder } from '../../../electron/codec/audio/decoder.ts';
import { decodeG711, encodeG711, type Law } from '../../../electron/codec/audio/g711.ts';
import { type BitOrder, G726Decoder, G726Encoder } from '../../../electron/codec/audio/g726.ts';
import type { G726Bits } from '../../../electron/codec/audio/g726-tables.ts';
import { encodePcm } from '../../../electron/codec/audio/pcm.ts';
import { captureBytes, hasCapture } from '../captures.ts';
import { sounds, whiteNoise } from './reference.ts';

const laws: readonly Law[] = ['a', 'mu'];
const types = { a: 6, mu: 7 } as const;
const samples = { a: 'sample_g711a-8k', mu: 'sample_g711u-8k' } as const;
const readings = { a: 'G.711A', mu: 'G.711U' } as const;

/** What the decoder read each packet of 20 ms as, one after another. */
function readingsOf(decoder: SoundDecoder, bytes: Uint8Array, perPacket: number, ptsMs?: (at: number) => number) {
  const seen: string[] = [];
  for (let at = 0, packet = 0; at < bytes.length; at += perPacket, packet++) {
    decoder.decode(bytes.subarray(at, at + perPacket), ptsMs?.(packet));
    seen.push(decoder.reading);
  }
  return seen;
}

function changes(seen: readonly string[]): number {
  return seen.filter((reading, at) => at > 0 && reading !== seen[at - 1]).length;
}

describe.skipIf(!hasCapture(samples.a) || !hasCapture(samples.mu))('the law of recorded sound', () => {
  it.each(laws)('%s-law under its own payload type is never doubted, at any loudness', law => {
    const pcm = decodeG711(captureBytes(samples[law]), law);
    for (const gain of [0.03, 0.1, 0.3, 1, 1.5, 3]) {
      const bytes = encodeG711(
        Int16Array.from(pcm, sample => clamp(sample * gain)),
        law,
      );
      expect(new Set(readingsOf(createSoundDecoder(types[law])!, bytes, 160))).toEqual(new Set([readings[law]]));
    }
  });

  it.each(laws)('%s-law under the other payload type is found within a second, and for good', law => {
    const pcm = decodeG711(captureBytes(samples[law]), law);
    for (const gain of [0.1, 0.3, 1, 1.5, 3]) {
      const bytes = encodeG711(
        Int16Array.from(pcm, sample => clamp(sample * gain)),
        law,
      );
      const seen = readingsOf(createSoundDecoder(types[law === 'a' ? 'mu' : 'a'])!, bytes, 160);
      expect(changes(seen)).toBe(1);
      expect(seen.indexOf(readings[law])).toBeLessThanOrEqual(50);
    }
  });

  it.each(laws)('%s-law decodes to what it is, both ways round', law => {
    const bytes = captureBytes(samples[law]);
    const decoder = createSoundDecoder(types[law === 'a' ? 'mu' : 'a'])!;
    decoder.decode(bytes.subarray(0, 8000));
    expect([...decoder.decode(bytes.subarray(8000))]).toEqual([...decodeG711(bytes.subarray(8000), law)]);
  });
});

describe('the law of made sound', () => {
  it.each(laws)('%s-law: silence and white noise say nothing, so what was declared stays', law => {
    const quiet = new Int16Array(16_000);
    for (const pcm of [quiet, whiteNoise(40), whiteNoise(2000), whiteNoise(30_000)]) {
      const bytes = encodeG711(pcm, law === 'a' ? 'mu' : 'a');
      expect(changes(readingsOf(createSoundDecoder(types[law])!, bytes, 160))).toBe(0);
    }
  });

  it.each(laws)('%s-law: tones and rumble are read right under either payload type', law => {
    for (const name of ['tone', 'rumble', 'sweep', 'high tone', 'tone that stops']) {
      const bytes = encodeG711(sounds[name]!, law);
      for (const declared of laws)
        expect([name, readingsOf(createSoundDecoder(types[declared])!, bytes, 160).at(-1)]).toEqual([
          name,
          readings[law],
        ]);
    }
  });

  it('does not go back and forth when the law does: each change takes more than the one before', () => {
    const decoder = createSoundDecoder(6)!;
    let seen: string[] = [];
    for (let round = 0; round < 40; round++) {
      const bytes = encodeG711(sounds.tone!.subarray(0, 8000), round % 2 === 0 ? 'mu' : 'a');
      seen = [...seen, ...readingsOf(decoder, bytes, 160)];
    }
    expect(changes(seen)).toBeLessThanOrEqual(2);
  });

  it('is what an operator says it is, whatever it sounds like', () => {
    const bytes = encodeG711(sounds.tone!, 'mu');
    expect(new Set(readingsOf(createSoundDecoder(6, { law: 'a' })!, bytes, 160))).toEqual(new Set(['G.711A']));
    expect(new Set(readingsOf(createSoundDecoder(6, { law: 'mu' })!, bytes, 160))).toEqual(new Set(['G.711U']));
  });
});

describe('the bit order of G.726', () => {
  const orders: readonly BitOrder[] = ['lsb', 'msb'];
  const widths: readonly G726Bits[] = [2, 3, 4, 5];

  for (const bits of widths)
    it.each(orders)(`at ${bits * 8} kbit/s is found: %s first`, order => {
      // Four bits in the wrong order are samples swapped in pairs: much of what is made here sounds as good either way.
      const sound = bits === 4 ? sounds['faint tone']! : sounds.voice!;
      const bytes = new G726Encoder(bits, order).encode(Int16Array.of(...sound, ...sound));
      const decoder = createSoundDecoder(8)!;
      const seen = readingsOf(decoder, bytes, 40 * bits, packet => 90_000 + packet * 40);
      expect(seen.at(-1)).toBe(`G.726 ${bits * 8} kbit/s, ${order} first`);
      expect(changes(seen)).toBeLessThanOrEqual(2);
    });

  for (const bits of widths) {
    const name = `sample_${bits * 8}.g726`;
    it.skipIf(!hasCapture(name))(`of ${name} is highest bits first, and turned round is found as well`, () => {
      const seen = readingsOf(createSoundDecoder(8)!, captureBytes(name), 40 * bits, packet => packet * 40);
      expect(seen.at(-1)).toBe(`G.726 ${bits * 8} kbit/s, msb first`);
      expect(changes(seen)).toBe(1);
      const sound = new G726Decoder(bits, 'msb').decode(captureBytes(name));
      const turned = new G726Encoder(bits, 'lsb').encode(sound);
      const found = readingsOf(createSoundDecoder(8)!, turned, 40 * bits, packet => packet * 40);
      expect(found.at(-1)).toBe(`G.726 ${bits * 8} kbit/s, lsb first`);
      expect(changes(found)).toBe(2);
    });
  }

  it('is not looked for when an operator names it', () => {
    const bytes = new G726Encoder(4, 'lsb').encode(sounds.rumble!);
    const decoder = createSoundDecoder(8, { g726Order: 'msb', g726Rate: 32 })!;
    expect(new Set(readingsOf(decoder, bytes, 160))).toEqual(new Set(['G.726 32 kbit/s, msb first']));
  });
});

describe('the rate of G.726', () => {
  it.each([16, 24, 32, 40] as const)('%s kbit/s is measured by bytes and time, whatever the packets', kbits => {
    for (const ms of [10, 20, 40, 60]) {
      const decoder = createSoundDecoder(8)!;
      const bytes = new Uint8Array(kbits * ms * 40);
      const seen = readingsOf(decoder, bytes, (kbits * ms) / 8, packet => packet * ms + (packet % 3));
      expect(seen.at(-1)).toContain(`${kbits} kbit/s`);
      expect(changes(seen)).toBeLessThanOrEqual(1);
    }
  });

  it.each([16, 24, 32, 40] as const)('%s kbit/s is measured where three packets share a time', kbits => {
    for (const phase of [0, 1, 2]) {
      const decoder = createSoundDecoder(8)!;
      const times = (packet: number) => Math.floor((packet + phase) / 3) * 120;
      const seen = readingsOf(decoder, new Uint8Array(kbits * 5 * 60), kbits * 5, times);
      expect(seen.at(-1)).toContain(`${kbits} kbit/s`);
      expect(changes(seen)).toBeLessThanOrEqual(1);
    }
  });

  it('is guessed by length where times stand still', () => {
    const decoder = createSoundDecoder(8)!;
    expect(readingsOf(decoder, new Uint8Array(120 * 40), 120, () => 7).at(-1)).toContain('24 kbit/s');
  });
});

describe('the byte order of PCM', () => {
  it.each(['le', 'be'] as const)('%s is found where table 12 names none', order => {
    const bytes = encodePcm(sounds.rumble!, order);
    const decoder = createSoundDecoder(22)!;
    const seen = readingsOf(decoder, bytes, 640);
    expect(seen.at(-1)).toBe(order === 'le' ? 'PCM, little-endian' : 'PCM, big-endian');
    expect(createSoundDecoder(16)!.reading).toBe('PCM, big-endian');
  });
});

function clamp(sample: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(sample)));
}
