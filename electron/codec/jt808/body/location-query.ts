import { defineEmptyMessage, defineMessage } from '../message-entry.ts';
import { type Location, readLocation, writeLocation } from './location.ts';

/** 808-2013 §8.19. No body. */
export const queryLocation = defineEmptyMessage({
  id: 0x8201,
  name: 'Location information query',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],
});

export interface LocationReply {
  /** Serial of the query. */
  replySerial: number;
  location: Location;
}

/**
 * 808-2013 §8.20.
 *
 * | 0 | serial of the query | WORD |
 * | 2 | body of 0x0200 | |
 */
export const locationReply = defineMessage<0x0201, LocationReply>({
  id: 0x0201,
  name: 'Location information query response',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
  read: cursor => ({ replySerial: cursor.u16(), location: readLocation(cursor) }),
  write(writer, value) {
    writer.u16(value.replySerial);
    writeLocation(writer, value.location);
  },
});
