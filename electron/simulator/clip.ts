import { readSliceStart, readSyntax, type SliceStart, type SliceSyntax } from './slice-header.ts';

/** One picture of a clip, without the slice that carries the caption. */
export interface ClipFrame {
  readonly key: boolean;
  readonly start: SliceStart;
  /** Slices above and below the caption, each with its start code. */
  readonly above: Uint8Array;
  readonly below: Uint8Array;
}

const nalTypes = { slice: 1, idr: 5, sps: 7, pps: 8 } as const;
const startCode = Uint8Array.of(0, 0, 0, 1);

/**
 * A loop of H.264 in Annex-B. Its pictures lack the macroblock rows of the caption; every IDR picture has its parameter
 * sets before it.
 */
export class Clip {
  readonly syntax: SliceSyntax;
  readonly frames: readonly ClipFrame[];
  /** SPS and PPS, each with its start code; they go before every IDR picture. */
  readonly parameterSets: Uint8Array;

  /** @throws RangeError when `file` is not such a clip */
  constructor(file: Uint8Array, captionRow: number) {
    const nals = [...nalUnits(file)];
    const sps = nals.find(nal => nalType(nal) === nalTypes.sps);
    const pps = nals.find(nal => nalType(nal) === nalTypes.pps);
    if (!sps || !pps) throw new RangeError('a clip without parameter sets');
    this.syntax = readSyntax(sps, pps);
    this.parameterSets = joined([sps, pps]);
    this.frames = framesOf(nals, this.syntax, captionRow * this.syntax.columns);
  }

  /** The first key frame at or after `index`, going around. */
  keyAt(index: number): number {
    for (let step = 0; step < this.frames.length; step++) {
      const at = (index + step) % this.frames.length;
      if (this.frames[at]?.key) return at;
    }
    return 0;
  }
}

function framesOf(nals: readonly Uint8Array[], syntax: SliceSyntax, captionAt: number): ClipFrame[] {
  const frames: ClipFrame[] = [];
  let above: Uint8Array[] = [];
  let below: Uint8Array[] = [];
  let start: SliceStart | undefined;
  const finish = () => {
    if (start) frames.push({ key: start.idr, start, above: joined(above), below: joined(below) });
  };
  for (const nal of nals) {
    if (nalType(nal) !== nalTypes.slice && nalType(nal) !== nalTypes.idr) continue;
    const slice = readSliceStart(nal, syntax);
    if (!start || slice.frameNum !== start.frameNum || slice.idrPicId !== start.idrPicId || slice.idr !== start.idr) {
      finish();
      start = slice;
      above = [];
      below = [];
    }
    (slice.firstMacroblock < captionAt ? above : below).push(nal);
  }
  finish();
  if (!frames[0]?.key) throw new RangeError('a clip that does not begin with a key frame');
  return frames;
}

function nalType(nal: Uint8Array): number {
  return (nal[0] as number) & 31;
}

function* nalUnits(file: Uint8Array): Generator<Uint8Array> {
  let from = -1;
  for (let at = 0; at + 2 < file.length; at++) {
    if (file[at] !== 0 || file[at + 1] !== 0 || file[at + 2] !== 1) continue;
    if (from >= 0) yield file.subarray(from, file[at - 1] === 0 ? at - 1 : at);
    from = at + 3;
    at += 2;
  }
  if (from >= 0) yield file.subarray(from);
}

function joined(nals: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(nals.reduce((sum, nal) => sum + startCode.length + nal.length, 0));
  let at = 0;
  for (const nal of nals) {
    out.set(startCode, at);
    out.set(nal, at + startCode.length);
    at += startCode.length + nal.length;
  }
  return out;
}
