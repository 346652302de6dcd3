import { pathToFileURL } from 'node:url';
import { systemClock } from '../electron/clock.ts';
import { Delimiter } from '../electron/codec/delimiter.ts';
import { terminalId } from '../electron/codec/terminal-id.ts';
import { defaultSettings } from '../electron/config.ts';
import { type IntakeSink, MediaIntake } from '../electron/frames/media-intake.ts';
import { silentLog } from '../electron/log.ts';
import { Tally } from '../electron/tally.ts';
import { cameraPackets, interleaveFrames, interleavePackets, simOf } from './camera-stream.ts';
import { type BenchResult, median, percentile } from './result.ts';

const cameras = 16;
const seconds = 20;
const chunkBytes = 65536;
const warmUpRounds = 3;
const rounds = 21;
const leastRatio = 0.4;
/** Ten times what the fastest open peer delivered on such a machine, MB/s. */
const leastRate = 220;

/**
 * The least that a program could do with the same bytes: walk from magic to magic by the length field and copy every
 * payload, per chunk of 64 KB, each frame into a buffer of exactly its size. It trusts everything.
 */
function tightParse(bytes: Uint8Array): number {
  const open = new Map<number, Uint8Array[]>();
  let frames = 0;
  for (let at = 0; at + 30 <= bytes.length; ) {
    const end = at + 30 + (((bytes[at + 28] as number) << 8) | (bytes[at + 29] as number));
    const part = (bytes[at + 15] as number) & 15;
    const camera = bytes[at + 13] as number;
    let payloads = open.get(camera);
    if (payloads === undefined) {
      payloads = [];
      open.set(camera, payloads);
    }
    payloads.push(bytes.subarray(at + 30, end));
    if (part === 0 || part === 2) {
      let size = 0;
      for (const payload of payloads) size += payload.length;
      const frame = new Uint8Array(size);
      let to = 0;
      for (const payload of payloads) {
        frame.set(payload, to);
        to += payload.length;
      }
      payloads.length = 0;
      frames++;
    }
    at = end;
  }
  return frames;
}

/** One connection that carries all cameras, in chunks as a socket gives them. */
function convoyParse(chunks: readonly Uint8Array[]): number {
  const settings = defaultSettings();
  const tally = new Tally();
  const intake = new MediaIntake({ clock: systemClock, tally, settings, log: silentLog });
  let frames = 0;
  const sink: IntakeSink = {
    frame: () => {
      frames++;
    },
    audio: () => undefined,
    gap: () => undefined,
    sourceOpened: () => undefined,
    packet: () => undefined,
    sourceClosed: () => undefined,
  };
  for (let camera = 0; camera < cameras; camera++)
    intake.expect({ terminal: terminalId(simOf(camera)), channel: 1, stream: 'main' }, sink);
  const source = { id: 'bench', transport: 'tcp' as const, remote: 'bench:1', localAddress: '127.0.0.1' };
  const delimiter = new Delimiter({
    settings,
    tally,
    knows: terminal => intake.isWanted(terminal),
    sink: { message: () => undefined, packet: packet => intake.packet(source, packet) },
  });
  for (const chunk of chunks) delimiter.push(chunk);
  return frames;
}

interface Comparison {
  /** MB/s, medians. */
  readonly tight: number;
  readonly convoy: number;
  readonly ratio: number;
}

/**
 * Both parse the same bytes in turns. The rates are medians. The ratio is that of the upper quartiles: what else the
 * machine does slows single rounds of either, and is no property of the parsers.
 */
function compare(bytes: Uint8Array): Comparison {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(Buffer.from(bytes.subarray(at, at + chunkBytes)));
  const megabytes = bytes.length / 1e6;
  const tight: number[] = [];
  const convoy: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    const start = performance.now();
    const expected = tightParse(bytes);
    const between = performance.now();
    const frames = convoyParse(chunks);
    const end = performance.now();
    if (frames !== expected) throw new Error(`${frames} frames of ${expected}`);
    if (round < 0) continue;
    tight.push(megabytes / ((between - start) / 1000));
    convoy.push(megabytes / ((end - between) / 1000));
  }
  return {
    tight: median(tight),
    convoy: median(convoy),
    ratio: percentile(convoy, 75) / percentile(tight, 75),
  };
}

export function run(): BenchResult {
  const streams = Array.from({ length: cameras }, (_, camera) => cameraPackets(camera, 1, seconds));
  const byFrame = compare(interleaveFrames(streams));
  const byPacket = compare(interleavePackets(streams));
  const percent = (ratio: number) => Math.round(ratio * 100);
  return {
    name: 'TCP bytes to assembled frames',
    rows: [
      { label: 'tight parser, trusting', value: Math.round(byFrame.tight), unit: 'MB/s' },
      { label: 'delimiter and intake', value: Math.round(byFrame.convoy), unit: 'MB/s' },
      { label: 'of the tight parser', value: percent(byFrame.ratio), unit: '%' },
      { label: 'cameras taking turns by packet', value: Math.round(byPacket.convoy), unit: 'MB/s' },
      { label: 'of the tight parser', value: percent(byPacket.ratio), unit: '%' },
    ],
    ratio: byFrame.ratio,
    target: `at least ${percent(leastRatio)} % of the tight parser, and ${leastRate} MB/s`,
    ok: byFrame.ratio >= leastRatio && byFrame.convoy >= leastRate,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = run();
  for (const row of result.rows) console.log(`${row.label.padEnd(32)} ${row.value} ${row.unit}`);
  console.log(`ratio ${result.ratio.toFixed(2)}, ${result.target}: ${result.ok ? 'met' : 'MISSED'}`);
}
