import { spawnSync } from 'node:child_process';
import { Random } from '../fuzz/random.ts';
import type { Unit } from './foreign-packet.ts';

const startCode = Buffer.from([0, 0, 0, 1]);

/** Real pictures where ffmpeg is installed: baseline, CIF, 15 fps, a key frame every 25; else made by hand. */
export function recordedClip(frames: number): Unit[] {
  const source = `testsrc2=size=352x288:rate=15:duration=${frames / 15}`;
  const coder = '-c:v libx264 -profile:v baseline -preset ultrafast -b:v 400k -g 25 -keyint_min 25 -sc_threshold 0';
  const words = `-v error -f lavfi -i ${source} -frames:v ${frames} ${coder} -threads 1 -f h264 -`.split(' ');
  const made = spawnSync('ffmpeg', words, { maxBuffer: 1 << 26 });
  const units = made.status === 0 ? accessUnits(made.stdout) : [];
  return units.length === frames ? units : handMadeClip({ frames, seed: 1 });
}

/** Cuts Annex-B of H.264 where the next picture begins (7.4.1.2.3). The pieces are the whole, in order. */
export function accessUnits(stream: Buffer): Unit[] {
  const units: Unit[] = [];
  let from = 0;
  let hasPicture = false;
  let key = false;
  for (const { at, codeAt } of nalUnits(stream)) {
    const kind = stream[at]! & 31;
    const isSlice = kind === 1 || kind === 5;
    const isFirstSlice = isSlice && (stream[at + 1]! & 0x80) !== 0;
    if (hasPicture && (isFirstSlice || (kind >= 6 && kind <= 9))) {
      units.push({ data: stream.subarray(from, codeAt), key });
      from = codeAt;
      hasPicture = false;
      key = false;
    }
    if (isSlice) hasPicture = true;
    if (kind === 5) key = true;
  }
  if (hasPicture) units.push({ data: stream.subarray(from), key });
  return units;
}

function nalUnits(stream: Buffer): { at: number; codeAt: number }[] {
  const found: { at: number; codeAt: number }[] = [];
  const code = Buffer.from([0, 0, 1]);
  for (let at = stream.indexOf(code); at >= 0; at = stream.indexOf(code, at + 3))
    found.push({ at: at + 3, codeAt: at > 0 && stream[at - 1] === 0 ? at - 1 : at });
  return found;
}

export interface HandMade {
  readonly frames: number;
  readonly seed: number;
  /** A key frame every so many. */
  readonly gop?: number;
  /** Frames before the first key frame. */
  readonly leadingP?: number;
  readonly keyBytes?: number;
  readonly pBytes?: number;
  /** Width and height in macroblocks of 16 × 16; 22 × 18 unless given. */
  readonly macroblocks?: readonly [number, number];
}

/** Units that no other seed has: true parameter sets, slices of noise without start codes. */
export function handMadeClip(options: HandMade): Unit[] {
  const { frames, seed, gop = 25, leadingP = 0, keyBytes = 5000, pBytes = 1200, macroblocks = cif } = options;
  const sps = sequenceSet(...macroblocks);
  const random = new Random(seed);
  return Array.from({ length: frames }, (_, index) => {
    const key = index >= leadingP && (index - leadingP) % gop === 0;
    const length = key ? keyBytes : pBytes;
    const slice = noise(random, (length >> 1) + random.below(length));
    const header = Buffer.from(key ? [0x65, 0x88] : [0x41, 0x9a]);
    const parts = key ? [startCode, sps, startCode, pps, Buffer.from([0, 0, 1]), header] : [startCode, header];
    return { data: Buffer.concat([...parts, slice]), key };
  });
}

/** The same in H.265: NAL types 32, 33, 34, 19 (IDR) and 1 (TRAIL_R), two bytes of NAL header. */
export function handMadeHevc(frames: number, seed: number, gop = 10): Unit[] {
  const random = new Random(seed);
  const nal = (kind: number, payload: Buffer) => Buffer.concat([startCode, Buffer.from([kind << 1, 1]), payload]);
  return Array.from({ length: frames }, (_, index) => {
    const key = index % gop === 0;
    const slice = noise(random, (key ? 4000 : 1000) + random.below(900));
    if (!key) return { data: nal(1, Buffer.concat([Buffer.from([0xd0]), slice])), key };
    const sets = [nal(32, noise(random, 22)), nal(33, noise(random, 38)), nal(34, noise(random, 6))];
    return { data: Buffer.concat([...sets, nal(19, Buffer.concat([Buffer.from([0xaf]), slice]))]), key };
  });
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(random.bytes(length).map(byte => byte || 1));
}

/** 352 × 288 in macroblocks. */
const cif = [22, 18] as const;

/** Baseline, level 3, no cropping, no VUI. */
function sequenceSet(width: number, height: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x67, 66, 0xc0, 30]),
    golomb([0, 0, 2, 1, 'f0', width - 1, height - 1, 'f1', 'f1', 'f0', 'f0']),
  ]);
}

/** CAVLC, one slice group, one reference each, no weighting. */
const pps = Buffer.concat([
  Buffer.from([0x68]),
  golomb([0, 0, 'f0', 'f0', 0, 0, 0, 'f0', 'f0', 'f0', 0, 0, 0, 'f1', 'f0', 'f0']),
]);

/** ue(v) for numbers, one bit for `f0` and `f1`, and the stop bit. */
function golomb(fields: (number | 'f0' | 'f1')[]): Buffer {
  let bits = '';
  for (const field of fields) {
    if (typeof field === 'string') bits += field[1];
    else {
      const code = (field + 1).toString(2);
      bits += '0'.repeat(code.length - 1) + code;
    }
  }
  bits += '1';
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map(byte => Number.parseInt(byte, 2)));
}
