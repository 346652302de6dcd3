import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepTrack, soleMime, trackId } from '../../../renderer/archive/player/sole-track.ts';
import { hasFfmpeg, probe, recordFootage } from '../../record/recorded-footage.ts';

describe('soleMime', () => {
  it('names the codecs of one kind of track', () => {
    const both = 'video/mp4; codecs="avc1.42001e, mp4a.40.2"';
    expect(soleMime(both, 'video')).toBe('video/mp4; codecs="avc1.42001e"');
    expect(soleMime(both, 'audio')).toBe('audio/mp4; codecs="mp4a.40.2"');
    expect(soleMime('video/mp4; codecs="hvc1.1.6.L93.B0"', 'audio')).toBeUndefined();
    expect(soleMime('video/mp4', 'video')).toBeUndefined();
  });
});

describe('keepTrack', () => {
  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 3 }), (bytes, id) => {
        const { length } = bytes;
        keepTrack(bytes, id);
        expect(bytes).toHaveLength(length);
        expect(trackId(bytes.slice().buffer, 'audio')).toBeUndefined();
      }),
    );
  });
});

describe.skipIf(!hasFfmpeg)('a recording of which one track is kept (needs ffmpeg)', () => {
  let folder = '';
  let whole: Uint8Array;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sole-track-'));
    const path = join(folder, 'both.mp4');
    await recordFootage({ path, file: 'both.mp4', frames: 100, at: 0, withAudio: true });
    whole = new Uint8Array(readFileSync(path));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['video', 'audio'] as const)('is as long as before, and %s is all that another program finds', kind => {
    const bytes = whole.slice();
    const id = trackId(bytes.buffer, kind)!;
    keepTrack(bytes, id);
    expect(bytes).toHaveLength(whole.length);
    const path = join(folder, `${kind}.mp4`);
    writeFileSync(path, bytes);
    const before = probe(join(folder, 'both.mp4')).streams;
    const after = probe(path).streams;
    expect(before.map(stream => stream.codec_type).sort()).toEqual(['audio', 'video']);
    expect(after.map(stream => stream.codec_type)).toEqual([kind]);
    const packets = before.find(stream => stream.codec_type === kind)!.nb_read_packets;
    expect(after[0]!.nb_read_packets).toBe(packets);
  });
});
