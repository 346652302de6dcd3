import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eyes, places, type Scene, SceneShelf } from '../../electron/simulator/scene-shelf.ts';

const shelf = new SceneShelf(fileURLToPath(new URL('../../electron/simulator/media/', import.meta.url)));
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const needsFfmpeg = hasFfmpeg ? '' : ' (skipped: ffmpeg is not installed)';
const startCode = Buffer.of(0, 0, 0, 1);

const every = places.flatMap(place =>
  eyes.flatMap((eye, at) => (['main', 'sub'] as const).map(stream => ({ place, eye, channel: at + 1, stream }))),
);

/** `count` pictures from frame `from` on, with a caption that counts once in `every` pictures. */
function play(scene: Scene, from: number, count: number, caption: (picture: number) => string): Buffer {
  const band = scene.captionBand();
  const parts: Uint8Array[] = [];
  for (let picture = 0; picture < count; picture++) {
    const frame = scene.clip.frames[(from + picture) % scene.clip.frames.length];
    if (!frame) throw new Error('no such frame');
    if (frame.key) parts.push(scene.clip.parameterSets);
    parts.push(frame.above, startCode, band.slice(frame.start, caption(picture)), frame.below);
  }
  return Buffer.concat(parts);
}

const ticking = (picture: number) =>
  `2026-11-23 18:41:${10 + Math.floor(picture / 15)} 沪A·D7261 CH1 ${picture % 90}km/h`;

describe('every clip', () => {
  it.each(every)('is a loop of key frames two seconds apart: $place $eye $stream', ({ place, channel, stream }) => {
    const { clip } = shelf.scene(place, channel, stream);
    expect([clip.syntax.columns * 16, clip.syntax.rows * 16]).toEqual(stream === 'main' ? [704, 576] : [352, 288]);
    expect(clip.frames.length).toBe(120);
    expect(clip.frames.flatMap((frame, at) => (frame.key ? [at] : []))).toEqual([0, 30, 60, 90]);
  });

  it.skipIf(!hasFfmpeg).each(every)(
    `decodes over the seam of its loop without a complaint: $place $eye $stream${needsFfmpeg}`,
    ({ place, channel, stream }) => {
      expect(decode(play(shelf.scene(place, channel, stream), 90, 64, ticking))).toEqual({
        frames: 64,
        complaints: '',
      });
    },
  );

  it.skipIf(!hasFfmpeg)(`does not depend on what the caption says${needsFfmpeg}`, () => {
    const scene = shelf.scene('city-day', 1, 'sub');
    const one = pixels(play(scene, 0, 60, ticking));
    const other = pixels(play(scene, 0, 60, picture => '#'.repeat(20 + (picture % 20))));
    const size = (352 * 288 * 3) / 2;
    const rowsThatDiffer = new Set<number>();
    for (let at = 0; at < one.length; at++)
      if (one[at] !== other[at] && at % size < 352 * 288) rowsThatDiffer.add(Math.floor((at % size) / 352));
    const rows = [...rowsThatDiffer];
    expect(rows.length).toBeGreaterThan(8);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(32);
    expect(Math.max(...rows)).toBeLessThan(48);
  });
});

describe('the caption', () => {
  it('costs a P picture a few bytes while the text stands, and little more when a second passes', () => {
    const scene = shelf.scene('city-day', 1, 'main');
    const band = scene.captionBand();
    const [key, next, afterNext] = scene.clip.frames;
    if (!key || !next || !afterNext) throw new Error('a clip of fewer than three frames');
    const whole = band.slice(key.start, '2026-11-23 18:41:24');
    const same = band.slice(next.start, '2026-11-23 18:41:24');
    const ticked = band.slice(afterNext.start, '2026-11-23 18:41:25');
    // 44 by 2 macroblocks of 384 bytes
    expect(whole.length).toBeGreaterThan(88 * 384);
    expect(same.length).toBeLessThan(12);
    // one glyph of 16 by 32 that straddles two columns of macroblocks
    expect(ticked.length).toBeGreaterThan(2 * 384);
    expect(ticked.length).toBeLessThan(4 * 384 + 40);
  });

  it('draws an unknown character as a question mark', () => {
    const scene = shelf.scene('city-day', 1, 'sub');
    const key = scene.clip.frames[0];
    if (!key) throw new Error('an empty clip');
    expect(scene.captionBand().slice(key.start, '☃')).toEqual(scene.captionBand().slice(key.start, '?'));
  });
});

function decode(stream: Buffer): { frames: number; complaints: string } {
  const run = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-err_detect', 'explode', '-f', 'h264', '-i', '-', '-f', 'framecrc', '-'],
    { input: stream },
  );
  const frames = run.stdout
    .toString()
    .split('\n')
    .filter(line => line && !line.startsWith('#')).length;
  return { frames, complaints: run.stderr.toString() };
}

function pixels(stream: Buffer): Buffer {
  const rawVideo = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'];
  return spawnSync('ffmpeg', ['-v', 'error', '-f', 'h264', '-i', '-', ...rawVideo], {
    input: stream,
    maxBuffer: 1 << 28,
  }).stdout;
}
