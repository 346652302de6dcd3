import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { createSoundEncoder, type SoundEncoderOptions } from '../../electron/codec/audio/encoder.ts';
import { silentLog } from '../../electron/log.ts';
import { Exporter } from '../../electron/record/exporter.ts';
import type { Footage } from '../../electron/record/footage-piece.ts';
import { soundOfCapture } from '../codec/audio/capture-sound.ts';
import { ffmpeg } from '../codec/audio/reference.ts';
import { captures, hasCapture } from '../codec/captured-stream.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { until } from '../live/exactness.ts';
import { hasFfmpeg, probePackets } from './probe.ts';
import { camera, RecordingBench, settle, startOf } from './recording-bench.ts';

const benches: RecordingBench[] = [];
const seconds = 6;
const toneHz = 500;

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

interface Packet {
  readonly ms: number;
  readonly data: Uint8Array;
}

/** Six seconds of a tone of 500 Hz as a terminal would send it. */
function toneOf(payloadType: number, options: SoundEncoderOptions = {}): Packet[] {
  const encoder = createSoundEncoder(payloadType, options)!;
  const { channels, sampleRate, frameSamples } = encoder;
  const packets: Packet[] = [];
  const perPacket = frameSamples / channels;
  for (let at = 0; at < seconds * sampleRate; at += perPacket) {
    const pcm = Int16Array.from({ length: frameSamples }, (_, sample) => {
      const moment = at + Math.floor(sample / channels);
      return 9000 * Math.sin((moment * 2 * Math.PI * toneHz) / sampleRate);
    });
    packets.push({ ms: (at * 1000) / sampleRate, data: encoder.encode(pcm) });
  }
  return packets;
}

/** The same as AAC from another encoder: a frame of ADTS each 128 ms, or its bare access units. */
function aacTone(isBare: boolean): Packet[] {
  const source = ['-f', 'lavfi', '-i', `sine=frequency=${toneHz}:sample_rate=8000:duration=${seconds},volume=2`];
  const stream = ffmpeg([...source, '-c:a', 'aac', '-ac', '1', '-f', 'adts'], new Uint8Array(0));
  const packets: Packet[] = [];
  for (let at = 0, ms = 0; at + 7 <= stream.length; ms += 128) {
    const length = ((stream[at + 3]! & 3) << 11) | (stream[at + 4]! << 3) | (stream[at + 5]! >> 5);
    packets.push({ ms, data: Uint8Array.from(stream.subarray(at + (isBare ? 7 : 0), at + length)) });
    at += length;
  }
  return packets;
}

/** Records the packets beside a picture twice a second. */
async function record(payloadType: number, packets: readonly Packet[], change = {}): Promise<RecordingBench> {
  const bench = await RecordingBench.open();
  benches.push(bench);
  Object.assign(bench.facts, change);
  bench.recorder.hold(camera, 'manual');
  const from = bench.clock.now();
  let shown = -1;
  let isBegun = false;
  for (const { ms, data } of packets) {
    for (const watcher of bench.watchers())
      watcher.audio({ payloadType, ptsMs: 5000 + Math.round(ms), receivedAt: from + Math.round(ms), data });
    // The encoder's thread takes its time to begin.
    if (!isBegun) await settle(1500);
    isBegun = true;
    const half = Math.floor(ms / 500);
    if (half === shown) continue;
    shown = half;
    const make = half % 2 === 0 ? keyFrame : deltaFrame;
    const frame = { ...make({ receivedAt: from + half * 500 }), ptsMs: 5000 + half * 500 };
    bench.play(frame, frame.key ? startOf(frame, 352, 288) : undefined);
    await settle(40);
  }
  await settle(500);
  await bench.recorder.close();
  return bench;
}

function heard(path: string): { samples: Int16Array; complaints: string } {
  const options = ['-v', 'error', '-i', path, '-map', '0:a', '-f', 's16le', '-ac', '1', '-ar', '8000', '-'];
  const { stdout, stderr } = spawnSync('ffmpeg', options, { maxBuffer: 1 << 26 });
  return {
    samples: new Int16Array(Uint8Array.from(stdout.subarray(0, stdout.length & ~1)).buffer),
    // The pictures are made by hand and decode to nothing.
    complaints: stderr
      .toString()
      // Each line begins with a place in memory, which may spell anything.
      .replaceAll(/0x[0-9a-f]+/g, '')
      .split('\n')
      .filter(line => /aac|mov/.test(line))
      .join('\n'),
  };
}

/** Part of the energy that is of one pitch (Goertzel), 0 to 1. */
function purity(samples: Int16Array, hz: number): number {
  let cosine = 0;
  let sine = 0;
  let energy = 0;
  for (let at = 0; at < samples.length; at++) {
    const turn = (at * 2 * Math.PI * hz) / 8000;
    cosine += samples[at]! * Math.cos(turn);
    sine += samples[at]! * Math.sin(turn);
    energy += samples[at]! ** 2;
  }
  return energy === 0 ? 0 : (2 * (cosine ** 2 + sine ** 2)) / (energy * samples.length);
}

/** Everything that was recorded as one export. @returns path of its video */
async function exported(bench: RecordingBench): Promise<string> {
  const footage = bench.ledger.segments.map(({ segment, fragments, end }, at): Footage => {
    return { segment: { ...segment, ...end!, id: at + 1, isProtected: false }, fragments };
  });
  const exporter = new Exporter({
    ...{ clock: systemClock, tally: bench.tally, log: silentLog, settings: { maxExports: 1 } },
    source: { footage: () => footage, gaps: () => [], track: () => [] },
    recordings: () => bench.folder,
    folder: () => join(bench.folder, '..', 'exports'),
    changed: () => undefined,
  });
  const { from } = footage.at(-1)!.segment;
  exporter.start({ from, to: from + 4500, cameras: [camera] });
  const [job] = await until('the export is done', () =>
    exporter.list().every(({ state }) => state === 'done') ? exporter.list() : undefined,
  );
  await exporter.close();
  return join(job!.folder, job!.files.find(({ name }) => name.endsWith('.mp4'))!.name);
}

describe.skipIf(!hasFfmpeg)('a recording, read by ffmpeg (skipped where it is not installed)', () => {
  const cases: [string, number, () => Packet[], object?][] = [
    ['G.711 µ-law that is declared A-law', 6, () => toneOf(7)],
    ['G.726 at 24 kbit/s', 8, () => toneOf(8, { g726Rate: 24, frameLength: 120 })],
    ['G.726 at 40 kbit/s, lowest bits first', 8, () => toneOf(8, { g726Rate: 40, g726Order: 'lsb', frameLength: 200 })],
    ['DVI4', 12, () => toneOf(12)],
    ['DVI4 at 16 kHz', 13, () => toneOf(13)],
    ['PCM of two channels', 15, () => toneOf(15)],
    ['PCM behind a HiSilicon header', 22, () => toneOf(22, { hisiHeader: true })],
    ['IMA ADPCM behind a HiSilicon header', 26, () => toneOf(26, { hisiHeader: true, frameLength: 168 })],
    ['AAC in ADTS', 19, () => aacTone(false)],
    [
      'AAC without ADTS, of the rate that 0x1003 states',
      19,
      () => aacTone(true),
      { capabilities: { audioSampleRate: 8000, audioChannels: 1 } },
    ],
    [
      'G.726 as an operator says it is',
      8,
      () => toneOf(8, { g726Rate: 16, g726Order: 'lsb' }),
      { sound: { law: 'auto', g726Order: 'lsb', g726Rate: 16 } },
    ],
  ];

  it.each(cases)(
    'has the sound of %s',
    async (_name, payloadType, packets, facts) => {
      const bench = await record(payloadType, packets(), facts);
      expect(bench.ledger.segments.at(-1)!.segment).toMatchObject({ hasAudio: true });
      const { samples, complaints } = heard(bench.path(bench.ledger.segments.length - 1));
      expect(complaints).toBe('');
      expect(samples.length).toBeGreaterThan(3.5 * 8000);
      expect(purity(samples.subarray(16_000, 28_000), toneHz)).toBeGreaterThan(0.9);
      expect(bench.rows.findLast(row => row.sound)?.sound).toMatchObject({ isKept: true });
    },
    30_000,
  );

  it.each([
    ['G.726', 8, () => toneOf(8, { g726Rate: 32, frameLength: 160 })],
    ['IMA ADPCM', 26, () => toneOf(26, { hisiHeader: true, frameLength: 168 })],
    ['PCM', 22, () => toneOf(22)],
  ] as const)(
    'is exported with the sound of %s',
    async (_name, payloadType, packets) => {
      const bench = await record(payloadType, packets());
      const path = await exported(bench);
      const { samples, complaints } = heard(path);
      expect(complaints).toBe('');
      expect(probePackets(path, 'a:0').length).toBeGreaterThan(25);
      expect(samples.length).toBeGreaterThan(3.5 * 8000);
      expect(purity(samples.subarray(12_000, 24_000), toneHz)).toBeGreaterThan(0.9);
    },
    30_000,
  );

  it.skipIf(!hasCapture(captures[2]))('has the sound of a HiSilicon recorder', async () => {
    const once = soundOfCapture(captures[2]);
    const packets = [...once, ...once, ...once].map((data, at) => ({ ms: at * 40, data }));
    const bench = await record(26, packets);
    const { samples, complaints } = heard(bench.path(bench.ledger.segments.length - 1));
    expect(complaints).toBe('');
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(500);
    expect(bench.tally.get('record.audioCodec')).toBe(0);
  });

  it('has its pictures without the sound that nothing decodes, and says which that is', async () => {
    const packets = Array.from({ length: 150 }, (_, at) => ({ ms: at * 40, data: new Uint8Array(32).fill(at) }));
    const bench = await record(28, packets);
    expect(bench.ledger.segments).toHaveLength(1);
    expect(probePackets(bench.path(0))).toHaveLength(12);
    expect(bench.ledger.segments[0]!.segment.hasAudio).toBe(false);
    expect(bench.rows.findLast(row => row.sound)?.sound).toEqual({ codec: 'AMR', isKept: false });
    expect(bench.tally.get('record.audioCodec')).toBe(150);
  });
});
