import type { Frame } from '../frames/frame.ts';
import { parameterSets } from '../frames/nal.ts';
import { pictureSize } from '../frames/sps.ts';
import type { StartInfo } from './subscriber.ts';

/**
 * What a decoder needs before `frame`, a key frame, with the parameter-set units that came right before it. Gives
 * `previous` itself when nothing changed, so that identity tells a change. A key frame without sets goes on with those of the
 * one before: recorders may send them only now and then.
 */
export function startInfo(frame: Frame, lead: readonly Frame[], previous: StartInfo | undefined): StartInfo {
  const sets: Uint8Array[] = [];
  for (const unit of lead) sets.push(...parameterSets(unit.data, unit.codec));
  sets.push(...parameterSets(frame.data, frame.codec));
  if (previous?.codec === frame.codec && (sets.length === 0 || sameSets(sets, previous.parameterSets))) return previous;
  const size = sizeOf(sets, frame);
  return {
    codec: frame.codec,
    parameterSets: sets.map(set => Uint8Array.from(set)),
    width: size.width,
    height: size.height,
  };
}

function sizeOf(sets: readonly Uint8Array[], frame: Frame): { width: number; height: number } {
  for (const set of sets) {
    if (!isSequenceSet(set, frame)) continue;
    const size = pictureSize(set, frame.codec);
    if (size) return size;
  }
  return { width: 0, height: 0 };
}

/** H.264 nal_unit_type 7, H.265 nal_unit_type 33. */
function isSequenceSet(set: Uint8Array, frame: Frame): boolean {
  const header = set[0] ?? 0;
  return frame.codec === 'h264' ? (header & 31) === 7 : ((header >> 1) & 63) === 33;
}

function sameSets(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((set, index) => sameBytes(set, b[index]!));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
