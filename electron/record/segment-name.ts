import type { StreamKind } from '../contract.ts';

/** End of the name of a file that is being written, or was when the program died. */
export const writingMark = '_recording.mp4';

/** What a recording's path is made of. */
export interface SegmentNaming {
  readonly vehicleId: string;
  readonly plate: string;
  readonly channel: number;
  readonly stream: StreamKind;
  /** ms since 1970. */
  readonly from: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `yyyy-mm-dd` in the local time of this machine, as people look for it. */
export function dayName(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `yyyymmdd-hhmmss`, local time. */
export function timeName(at: number): string {
  const date = new Date(at);
  return `${dayName(at).replaceAll('-', '')}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** What any file system takes: letters of any script and digits stay, everything else becomes `-`. At most 32 characters. */
export function pathWord(word: string): string {
  return [...word.normalize('NFC').replaceAll(/[^\p{L}\p{N}-]+/gu, '-')].slice(0, 32).join('');
}

/** `yyyy-mm-dd/<plate>_<id>`, or `yyyy-mm-dd/<id>` for a vehicle without a plate. */
export function segmentFolder(naming: SegmentNaming): string {
  const plate = pathWord(naming.plate);
  const id = pathWord(naming.vehicleId);
  return `${dayName(naming.from)}/${plate ? `${plate}_${id}` : id}`;
}

/**
 * `plate_channel_start` of a file; the sub stream's channel is followed by `s`. Two segments of one camera may begin in one
 * second (parameter sets change): from the second on, `attempt` goes behind the time.
 */
export function segmentStem(naming: SegmentNaming, attempt = 0): string {
  const plate = pathWord(naming.plate) || pathWord(naming.vehicleId);
  const channel = `${naming.channel}${naming.stream === 'sub' ? 's' : ''}`;
  return `${plate}_${channel}_${timeName(naming.from)}${attempt > 0 ? `.${attempt}` : ''}`;
}

/** The name while it is written. */
export function writingName(stem: string): string {
  return stem + writingMark;
}

/** The name for good. */
export function finishedName(stem: string, to: number): string {
  return `${stem}_${timeName(to)}.mp4`;
}
