import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aacFrames } from '../../../electron/codec/audio/adts.ts';
import { createSoundDecoder, soundCoding } from '../../../electron/codec/audio/decoder.ts';
import { createSoundEncoder } from '../../../electron/codec/audio/encoder.ts';
import { withHisiHeader } from '../../../electron/codec/audio/hisi-header.ts';
import { sounds } from './reference.ts';

const decoded = [1, 6, 7, 8, 10, 11, 12, 13, 15, 16, 18, 22, 23, 26];

describe('createSoundDecoder', () => {
  it('knows what table 12 has, and names the rest', () => {
    const every = Array.from({ length: 128 }, (_, payloadType) => payloadType);
    expect(every.filter(payloadType => createSoundDecoder(payloadType))).toEqual(decoded);
    expect(every.filter(payloadType => soundCoding(payloadType).handling === 'pcm')).toEqual(decoded);
    expect(every.filter(payloadType => soundCoding(payloadType).handling === 'aac')).toEqual([19, 21, 24, 27]);
    expect(soundCoding(28)).toEqual({ name: 'AMR', handling: 'unsupported' });
    expect(soundCoding(110)).toEqual({ name: 'PT 110', handling: 'unsupported' });
  });

  it('throws at nothing, and makes at most four samples of a byte', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...decoded),
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 400 }), fc.option(fc.double(), { nil: undefined })), {
          maxLength: 40,
        }),
        (payloadType, packets) => {
          const decoder = createSoundDecoder(payloadType)!;
          for (const [bytes, ptsMs] of packets) {
            const samples = decoder.decode(bytes, ptsMs);
            expect(samples.length).toBeLessThanOrEqual(bytes.length * 4 + 4);
            expect(samples.length % decoder.channels).toBe(0);
          }
          decoder.reset();
          expect(decoder.decode(new Uint8Array(0))).toHaveLength(0);
        },
      ),
    );
  });

  it('decodes the same with and without the HiSilicon header', () => {
    for (const payloadType of decoded) {
      const plain = createSoundEncoder(payloadType)!;
      const marked = createSoundEncoder(payloadType, { hisiHeader: true })!;
      const one = createSoundDecoder(payloadType)!;
      const other = createSoundDecoder(payloadType)!;
      for (let at = 0; at + plain.frameSamples <= 8000; at += plain.frameSamples) {
        const pcm = sounds.tone!.subarray(at, at + plain.frameSamples);
        const packet = plain.encode(pcm);
        expect(marked.encode(pcm)).toEqual(withHisiHeader(packet));
        expect(other.decode(withHisiHeader(packet))).toEqual(one.decode(packet));
      }
    }
  });
});

describe('createSoundEncoder', () => {
  it('makes packets as long as 0x1003 says, and what comes back is what went in', () => {
    const cases = [
      { payloadType: 6, frameLength: 80, bytes: 80, samples: 80, most: 0.001 },
      { payloadType: 7, frameLength: 320, bytes: 320, samples: 320, most: 0.001 },
      { payloadType: 8, frameLength: 80, bytes: 80, samples: 160, most: 0.02 },
      { payloadType: 11, frameLength: 164, bytes: 164, samples: 320, most: 0.01 },
      { payloadType: 26, frameLength: 168, bytes: 164, samples: 320, most: 0.01 },
      { payloadType: 26, frameLength: 160, bytes: 164, samples: 320, most: 0.01 },
      { payloadType: 16, frameLength: 640, bytes: 640, samples: 320, most: 0 },
      { payloadType: 22, frameLength: 640, bytes: 640, samples: 320, most: 0 },
    ];
    for (const { payloadType, frameLength, bytes, samples, most } of cases) {
      const encoder = createSoundEncoder(payloadType, { frameLength })!;
      expect(encoder.frameSamples).toBe(samples);
      const decoder = createSoundDecoder(payloadType, { g726Rate: 32 })!;
      const heard: number[] = [];
      const sent = sounds.tone!.subarray(0, 16_000 - (16_000 % samples));
      for (let at = 0; at < sent.length; at += samples) {
        const packet = encoder.encode(sent.subarray(at, at + samples));
        expect(packet).toHaveLength(bytes);
        heard.push(...decoder.decode(packet));
      }
      expect(heard).toHaveLength(sent.length);
      let error = 0;
      let energy = 0;
      for (let at = 800; at < sent.length; at++) {
        error += (heard[at]! - sent[at]!) ** 2;
        energy += sent[at]! ** 2;
      }
      expect([payloadType, error <= energy * most]).toEqual([payloadType, true]);
    }
  });

  it('makes 20 ms of a frame length that cannot be, and fills what is short with silence', () => {
    for (const frameLength of [0, 1, 3, 65_535]) expect(createSoundEncoder(6, { frameLength })!.frameSamples).toBe(160);
    const encoder = createSoundEncoder(6)!;
    expect(encoder.encode(new Int16Array(3))).toHaveLength(160);
    expect(encoder.encode(new Int16Array(5000))).toHaveLength(160);
    expect(createSoundEncoder(28)).toBeUndefined();
    expect(createSoundEncoder(13)!.sampleRate).toBe(16_000);
  });

  it('begins anew after a reset', () => {
    const encoder = createSoundEncoder(26)!;
    const first = encoder.encode(sounds.tone!);
    expect(encoder.encode(sounds.tone!)).not.toEqual(first);
    encoder.reset();
    expect(encoder.encode(sounds.tone!)).toEqual(first);
  });
});

describe('aacFrames', () => {
  const stated = { sampleRate: 16_000, channels: 1 };
  const adts = Uint8Array.of(0xff, 0xf1, 0x6c, 0x40, 0x01, 0x3f, 0xfc, 1, 2);

  it('takes ADTS at its word, and a bare unit at that of 0x1003', () => {
    expect(aacFrames(adts, stated)!.track.sampleRate).toBe(8000);
    const bare = Uint8Array.of(0x01, 0x40, 0x22);
    expect(aacFrames(bare, stated)).toEqual({
      track: { sampleRate: 16_000, channels: 1, description: Uint8Array.of(0x14, 0x08) },
      frames: [bare],
    });
  });

  it('refuses what cannot be', () => {
    expect(aacFrames(adts.subarray(0, 8), stated)).toBeUndefined();
    expect(aacFrames(Uint8Array.of(0xe0, 1, 2), stated)).toBeUndefined();
    expect(aacFrames(Uint8Array.of(1, 2), { sampleRate: 8001, channels: 1 })).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), bytes => void aacFrames(bytes, stated)));
  });
});
