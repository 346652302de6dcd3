import { audioTrack, videoTrack } from './init-segment.ts';

/** One sample of a fragment. */
export interface Sample {
  /** Pieces that make up the sample; video is NAL units without start code, each written behind its length. */
  readonly units: readonly Uint8Array[];
  /** Ticks of the track. */
  duration: number;
  readonly key: boolean;
  /** From when it is decoded to when it is shown, ticks; negative where it must be decoded later than it would be shown. */
  shift?: number;
}

export interface SampleRun {
  /** Ticks of the track from the beginning of the file. */
  readonly from: number;
  readonly samples: readonly Sample[];
}

/** ISO/IEC 14496-12 §8.8.3.1: depends on nothing; or depends on others and is no sync sample. */
const keyFlags = 0x02000000;
const deltaFlags = 0x01010000;
const trafBytes = 8 + 16 + 20 + 20;
const sampleBytes = 12;
const shiftBytes = 4;

/**
 * One `moof` and its `mdat`, positions within relative to the `moof` (`default-base-is-moof`), every sample with its own
 * duration, size and flags (ISO/IEC 14496-12 §8.8). Written here because a fragment must be able to begin between key
 * frames: a camera may send one in ten seconds, and at most two may be lost.
 */
export function fragmentBoxes(sequence: number, video: SampleRun, audio: SampleRun | undefined): Uint8Array {
  const hasAudio = audio !== undefined && audio.samples.length > 0;
  const videoBytes = runBytes(video, 4);
  const moofBytes = moofSize(video, audio);
  const total = fragmentBytes(video, audio);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  let at = box(view, 0, moofBytes, 'moof');
  at = box(view, at, 16, 'mfhd');
  view.setUint32(at + 4, sequence);
  at = traf(view, at + 8, videoTrack, video, 4, moofBytes + 8);
  if (hasAudio) at = traf(view, at, audioTrack, audio, 0, moofBytes + 8 + videoBytes);
  at = box(view, at, total - moofBytes, 'mdat');
  for (const sample of video.samples)
    for (const unit of sample.units) {
      view.setUint32(at, unit.length);
      bytes.set(unit, at + 4);
      at += 4 + unit.length;
    }
  if (!hasAudio) return bytes;
  for (const sample of audio.samples)
    for (const unit of sample.units) {
      bytes.set(unit, at);
      at += unit.length;
    }
  return bytes;
}

/** Bytes that `fragmentBoxes` makes. */
export function fragmentBytes(video: SampleRun, audio: SampleRun | undefined): number {
  return moofSize(video, audio) + 8 + runBytes(video, 4) + (audio ? runBytes(audio, 0) : 0);
}

function moofSize(video: SampleRun, audio: SampleRun | undefined): number {
  return 8 + 16 + trafSize(video) + (audio && audio.samples.length > 0 ? trafSize(audio) : 0);
}

function traf(view: DataView, from: number, track: number, run: SampleRun, prefix: number, dataAt: number): number {
  let at = box(view, from, trafSize(run), 'traf');
  at = box(view, at, 16, 'tfhd');
  view.setUint32(at, 0x020000); // default-base-is-moof
  view.setUint32(at + 4, track);
  at = box(view, at + 8, 20, 'tfdt');
  view.setUint32(at, 0x01000000); // version 1: 64 bits
  view.setBigUint64(at + 4, BigInt(run.from));
  const hasShifts = isShifted(run);
  at = box(view, at + 12, 20 + run.samples.length * (sampleBytes + (hasShifts ? shiftBytes : 0)), 'trun');
  // Data offset; duration, size and flags of each sample; in version 1 also its shift, with a sign.
  view.setUint32(at, hasShifts ? 0x01000f01 : 0x000701);
  view.setUint32(at + 4, run.samples.length);
  view.setUint32(at + 8, dataAt);
  at += 12;
  for (const sample of run.samples) {
    view.setUint32(at, sample.duration);
    view.setUint32(at + 4, sampleSize(sample, prefix));
    view.setUint32(at + 8, sample.key ? keyFlags : deltaFlags);
    at += sampleBytes;
    if (!hasShifts) continue;
    view.setInt32(at, sample.shift ?? 0);
    at += shiftBytes;
  }
  return at;
}

/** @returns where the box's content begins */
function box(view: DataView, at: number, size: number, name: string): number {
  view.setUint32(at, size);
  for (let i = 0; i < 4; i++) view.setUint8(at + 4 + i, name.charCodeAt(i));
  return at + 8;
}

function trafSize(run: SampleRun): number {
  return trafBytes + run.samples.length * (sampleBytes + (isShifted(run) ? shiftBytes : 0));
}

function isShifted(run: SampleRun): boolean {
  return run.samples.some(({ shift }) => shift !== undefined);
}

function sampleSize(sample: Sample, prefix: number): number {
  let bytes = 0;
  for (const unit of sample.units) bytes += prefix + unit.length;
  return bytes;
}

function runBytes(run: SampleRun, prefix: number): number {
  let bytes = 0;
  for (const sample of run.samples) bytes += sampleSize(sample, prefix);
  return bytes;
}
