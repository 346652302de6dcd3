import { nalType } from '../frames/nal.ts';
import type { StartInfo } from '../hub/subscriber.ts';

/** PPS may change within a file: they are in the stream as well. */
export function sameSequence(a: StartInfo, b: StartInfo): boolean {
  if (a.codec !== b.codec) return false;
  const type = a.codec === 'h265' ? 33 : 7;
  const sets = [a, b].map(info => info.parameterSets.filter(set => nalType(set[0] ?? 0, info.codec) === type));
  return sets[0]!.length === sets[1]!.length && sets[0]!.every((set, at) => Buffer.compare(set, sets[1]![at]!) === 0);
}

/** No header of a file can be made of these sets: there is no SPS, or nobody reads a size in it. */
export function isUnreadable({ width, height }: StartInfo): boolean {
  return width === 0 || height === 0;
}
