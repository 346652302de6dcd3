import type { VideoCodec } from '../contract.ts';
import type { Frame } from '../frames/frame.ts';
import { nalType, parameterSets } from '../frames/nal.ts';
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
  const size = sizeOf(sets, frame.codec);
  return {
    codec: frame.codec,
    parameterSets: sets.map(set => Uint8Array.from(set)),
    width: size.width,
    height: size.height,
  };
}

function sizeOf(sets: readonly Uint8Array[], codec: VideoCodec): { width: number; height: number } {
  const sequence = sets.find(set => nalType(set[0] ?? 0, codec) === (codec === 'h265' ? 33 : 7));
  return (sequence && pictureSize(sequence, codec)) ?? { width: 0, height: 0 };
}

function sameSets(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((set, index) => sameBytes(set, b[index]!));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
