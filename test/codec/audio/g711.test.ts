import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711 } from '../../../electron/codec/audio/g711.ts';
import { bytesOf, decodedByFfmpeg, encodedByFfmpeg, hasFfmpeg } from './reference.ts';

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const laws = [
  { law: 'a', name: 'alaw' },
  { law: 'mu', name: 'mulaw' },
] as const;

describe('G.711', () => {
  it('decodes the ends and the middle of both laws (tables 1a and 2a)', () => {
    expect([...decodeG711(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a), 'a')]).toEqual([8, -8, 32256, -32256]);
    expect([...decodeG711(Uint8Array.of(0xff, 0x7f, 0x80, 0x00), 'mu')]).toEqual([0, 0, 32124, -32124]);
  });

  it.each(laws)('encodes each decoded value of $law to its own code', ({ law }) => {
    const again = encodeG711(decodeG711(every, law), law);
    // µ-law has a negative nothing as well.
    expect([...again].filter((byte, at) => byte !== at)).toEqual(law === 'mu' ? [0xff] : []);
  });
});

describe.skipIf(!hasFfmpeg)('G.711 beside ffmpeg (skipped where it is not installed)', () => {
  it.each(laws)('$law: all 256 codes decode to the same', ({ law, name }) => {
    const theirs = decodedByFfmpeg(['-f', name, '-ar', '8000', '-ac', '1'], every);
    expect(bytesOf(decodeG711(every, law)).equals(bytesOf(theirs))).toBe(true);
  });

  it.each(laws)('$law: all 65536 samples encode to the same', ({ law, name }) => {
    const samples = Int16Array.from({ length: 65536 }, (_, at) => at - 32768);
    expect(encodedByFfmpeg(samples, ['-f', name]).equals(encodeG711(samples, law))).toBe(true);
  });
});
