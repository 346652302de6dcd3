import { BitReader, type BitWriter, unescaped } from './bits.ts';

/** Baseline H.264 as the clips are encoded: progressive, CAVLC, no B slices, no weighting, one reference. */
export interface SliceSyntax {
  /** Macroblocks across and down. */
  readonly columns: number;
  readonly rows: number;
  readonly frameNumBits: number;
  /** 0: every slice carries the low bits of its order; 2: order follows frame_num. */
  readonly orderType: number;
  readonly orderBits: number;
}

export interface SliceStart {
  readonly firstMacroblock: number;
  readonly idr: boolean;
  readonly referenceIdc: number;
  readonly frameNum: number;
  readonly idrPicId: number;
  readonly orderLow: number;
}

const baseline = 66;
const sliceI = 7;
const sliceP = 5;
const noDeblocking = 1;

/**
 * Reads what slice headers depend on. H.264 §7.3.2.1.1 and §7.3.2.2.
 * @throws RangeError when the clip is coded in a way that a caption slice cannot join
 */
export function readSyntax(sps: Uint8Array, pps: Uint8Array): SliceSyntax {
  const set = new BitReader(unescaped(sps.subarray(1)));
  const profile = set.bits(8);
  set.bits(16);
  set.unsigned();
  if (profile !== baseline) throw new RangeError(`a clip of profile ${profile}`);
  const frameNumBits = set.unsigned() + 4;
  const orderType = set.unsigned();
  const orderBits = orderType === 0 ? set.unsigned() + 4 : 0;
  if (orderType === 1) throw new RangeError('a clip of picture order type 1');
  set.unsigned();
  set.bit();
  const columns = set.unsigned() + 1;
  const rows = set.unsigned() + 1;
  if (set.bit() === 0) throw new RangeError('an interlaced clip');

  const picture = new BitReader(unescaped(pps.subarray(1)));
  const [ppsId, spsId, cabac, bottomOrder] = [picture.unsigned(), picture.unsigned(), picture.bit(), picture.bit()];
  const groups = picture.unsigned();
  picture.unsigned();
  picture.unsigned();
  const weighted = picture.bits(3);
  picture.signed();
  picture.signed();
  picture.signed();
  const deblockingControl = picture.bit();
  picture.bit();
  const redundant = picture.bit();
  if (ppsId || spsId || cabac || bottomOrder || groups || weighted || !deblockingControl || redundant)
    throw new RangeError('a clip with an unexpected picture parameter set');
  return { columns, rows, frameNumBits, orderType, orderBits };
}

/** Reads the beginning of a slice NAL unit. H.264 §7.3.3. */
export function readSliceStart(nal: Uint8Array, syntax: SliceSyntax): SliceStart {
  const bits = new BitReader(unescaped(nal.subarray(1, 24)));
  const idr = ((nal[0] as number) & 31) === 5;
  const firstMacroblock = bits.unsigned();
  bits.unsigned();
  bits.unsigned();
  const frameNum = bits.bits(syntax.frameNumBits);
  const idrPicId = idr ? bits.unsigned() : 0;
  const orderLow = syntax.orderType === 0 ? bits.bits(syntax.orderBits) : 0;
  return { firstMacroblock, idr, referenceIdc: ((nal[0] as number) >> 5) & 3, frameNum, idrPicId, orderLow };
}

/** Writes NAL and slice header of a slice that joins the picture `start` belongs to. */
export function writeSliceStart(bits: BitWriter, start: SliceStart, syntax: SliceSyntax): void {
  bits.bits((start.referenceIdc << 5) | (start.idr ? 5 : 1), 8);
  bits.unsigned(start.firstMacroblock);
  bits.unsigned(start.idr ? sliceI : sliceP);
  bits.unsigned(0);
  bits.bits(start.frameNum, syntax.frameNumBits);
  if (start.idr) bits.unsigned(start.idrPicId);
  if (syntax.orderType === 0) bits.bits(start.orderLow, syntax.orderBits);
  // P: no override of the number of references, no change of their order
  if (!start.idr) bits.bits(0, 2);
  // IDR: prior pictures may be shown, no long-term reference; P: sliding window
  if (start.referenceIdc > 0) bits.bits(0, start.idr ? 2 : 1);
  bits.signed(0);
  bits.unsigned(noDeblocking);
}
