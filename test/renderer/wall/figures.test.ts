import { expect, it } from 'vitest';
import type { StreamStatus } from '../../../electron/contract.ts';
import { createDictionary } from '../../../renderer/i18n/dictionary.ts';
import type { PlayerSnapshot } from '../../../renderer/player/player.ts';
import { bitRate, byteSize, figureRows, footFigures, lossPercent } from '../../../renderer/wall/figures.ts';
import { pictureAge } from '../../../renderer/wall/picture-age.ts';

const { t } = createDictionary('en');

const status: StreamStatus = {
  phase: 'live',
  since: 0,
  steps: [{ step: 'commandSent', at: 10_000 }],
  attempts: 1,
  codec: 'h264',
  width: 704,
  height: 576,
  lastFrameAt: 50_000,
  fps: 24.9,
  bitsPerSecond: 768_000,
  lossRatio: 0.0012,
  transport: 'udp',
  source: '10.0.0.7:5000',
};

const snapshot: PlayerSnapshot = {
  state: { kind: 'live' },
  status,
  engine: 'jmuxer',
  width: 704,
  height: 576,
  presentedFps: 24.6,
  latencyMs: 87.6,
  framesPresented: 100,
  framesReceived: 104,
  framesDropped: 2,
  rebuilds: 0,
  firstPictureAt: 10_620,
};

it('writes rates, sizes and losses', () => {
  expect([0, 768_400, 999_499, 999_500, 2_940_000].map(bitRate)).toEqual([
    '0 kb/s',
    '768 kb/s',
    '999 kb/s',
    '1.0 Mb/s',
    '2.9 Mb/s',
  ]);
  expect([900, 212_992, 4_194_304].map(byteSize)).toEqual(['900 B', '208 KiB', '4.0 MiB']);
  expect([0, 0.0012, 0.099, 0.38].map(lossPercent)).toEqual(['0.0', '0.1', '9.9', '38']);
});

it('leaves out of the foot what is not known', () => {
  expect(footFigures(undefined, t)).toEqual({ size: '', fps: '', rate: '', loss: '', codec: '', latency: '' });
  expect(footFigures(snapshot, t)).toEqual({
    size: '704×576',
    fps: '25 fps',
    rate: '768 kb/s',
    loss: 'loss 0.1 %',
    codec: 'H.264',
    latency: '88 ms',
  });
});

it('has every figure by name', () => {
  expect(Object.fromEntries(figureRows(snapshot, 10_000, t))).toEqual({
    Latency: '88 ms',
    'Frame rate': '24.6 / 24.9',
    'Bit rate': '768 kb/s',
    Loss: '0.1 %',
    Presented: '100 / 104',
    Dropped: '2',
    'Decoder restarts': '0',
    'First picture': '620 ms',
    Codec: 'H.264',
    Engine: 'jmuxer',
    Source: 'UDP 10.0.0.7:5000',
  });
});

it('takes the age of a picture from the player, else from the last frame', () => {
  expect(pictureAge(undefined, 1)).toBeUndefined();
  expect(pictureAge({ ...snapshot, state: { kind: 'stalled', ageMs: 7000 } }, 1)).toBe(7000);
  expect(pictureAge(snapshot, 53_000)).toBe(3000);
  expect(pictureAge({ ...snapshot, status: { ...status, lastFrameAt: 0 } }, 53_000)).toBeUndefined();
});
