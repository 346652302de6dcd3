import { timeFromBcd, timeToBcd } from '../../bcd.ts';
import { defineMessage } from '../message-entry.ts';

/** Counted between two times, ms since 1970. */
export interface PassengerFlow {
  start: number;
  end: number;
  /** Who got on. */
  on: number;
  /** Who got off. */
  off: number;
}

/**
 * 1078-2016 §5.4.2, table 16.
 *
 * | 0 | start | BCD[6] |
 * | 6 | end | BCD[6] |
 * | 12 | got on | WORD |
 * | 14 | got off | WORD |
 */
export const passengerFlow = defineMessage<0x1005, PassengerFlow>({
  id: 0x1005,
  name: 'Terminal upload of passenger flow',
  direction: 'up',
  editions: ['1078-2016'],
  read: cursor => ({
    start: timeFromBcd(cursor.bytes(6)),
    end: timeFromBcd(cursor.bytes(6)),
    on: cursor.u16(),
    off: cursor.u16(),
  }),
  write(writer, value) {
    writer.bytes(timeToBcd(value.start)).bytes(timeToBcd(value.end)).u16(value.on).u16(value.off);
  },
});
