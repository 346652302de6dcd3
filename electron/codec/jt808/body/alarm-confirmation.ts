import { defineMessage } from '../message-entry.ts';

/** Bits of the alarm word of 0x0200 that a person confirms (808-2013 §8.22): the others end by themselves. */
export const confirmableAlarms = 0x18700009;

export interface AlarmConfirmation {
  /** Serial of the 0x0200 that carried it; 0: every alarm of the types named. */
  alarmSerial: number;
  /** Bits of the alarm word, of `confirmableAlarms`. */
  alarms: number;
}

/**
 * 808-2013 §8.22; 808-2011 has no such message, there 0x8001 with result 4 does it.
 *
 * | 0 | serial of the alarm message | WORD |
 * | 2 | alarms | DWORD: 0 emergency, 3 danger, 20 area, 21 route, 22 time on a section, 27 ignition, 28 displacement |
 */
export const alarmConfirmation = defineMessage<0x8203, AlarmConfirmation>({
  id: 0x8203,
  name: 'Manual confirmation of alarms',
  direction: 'down',
  editions: ['808-2013', '808-2019'],
  read: cursor => ({ alarmSerial: cursor.u16(), alarms: cursor.u32() }),
  write(writer, value) {
    writer.u16(value.alarmSerial).u32(value.alarms);
  },
});
