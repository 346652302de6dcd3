import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import type { BodyDialect } from '../message-entry.ts';

/** Alarms that a search is for, or that a recording was made for. Both 0: any, or none. */
export interface AlarmMask {
  /** Bits 0 to 31: the alarm word of 0x0200, 808-2013 table 24. */
  alarms: number;
  /** Bits 32 to 63, here from 0: item 0x14 of 0x0200, 1078-2016 table 14. */
  videoAlarms: number;
}

/**
 * 1078-2016 tables 21, 23 and 26: "64 BITS", bits 0 to 31 alarms of 808, 32 to 63 video alarms.
 *
 * `standard` is one big-endian number, so that video alarms come first and bit 0 is in the last byte. `wordsSwapped` is
 * two DWORDs with bits 0 to 31 first, as some platforms and their terminals have it. A mask of 0 is the same in both.
 */
export function readAlarmMask(cursor: Cursor, { alarmOrder }: BodyDialect): AlarmMask {
  const [first, second] = [cursor.u32(), cursor.u32()];
  return alarmOrder === 'standard' ? { videoAlarms: first, alarms: second } : { alarms: first, videoAlarms: second };
}

export function writeAlarmMask(writer: Writer, { alarms, videoAlarms }: AlarmMask, { alarmOrder }: BodyDialect): void {
  if (alarmOrder === 'standard') writer.u32(videoAlarms).u32(alarms);
  else writer.u32(alarms).u32(videoAlarms);
}
