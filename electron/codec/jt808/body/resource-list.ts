import { timeFromBcd, timeToBcd } from '../../bcd.ts';
import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import { type BodyDialect, defineMessage } from '../message-entry.ts';
import { type AlarmMask, readAlarmMask, writeAlarmMask } from './alarm-mask.ts';

/** What a resource holds, or what is searched or played. `either` (video, or audio and video) is for requests. */
export const resourceMedia = { audioVideo: 0, audio: 1, video: 2, either: 3 } as const;

/** Streams as searches, lists and playback number them; 0x9101 numbers them from 0. */
export const resourceStream = { any: 0, main: 1, sub: 2 } as const;

/** Which storage of the terminal. `any` is for requests. */
export const resourceStorage = { any: 0, main: 1, backup: 2 } as const;

/** Times are ms since 1970; on the wire GMT+8, to the second. */
export interface ResourceQuery extends AlarmMask {
  /** Logical channel, 0 for every one. */
  channel: number;
  /** 0: no limit. */
  start: number;
  /** 0: no limit. */
  end: number;
  /** One of `resourceMedia`. */
  media: number;
  /** One of `resourceStream`. */
  stream: number;
  /** One of `resourceStorage`. */
  storage: number;
  /** Written without its last byte, for terminals that read it so. */
  withoutStorage?: true;
}

/** One recording that lies on the vehicle. */
export interface Resource extends AlarmMask {
  channel: number;
  start: number;
  end: number;
  /** One of `resourceMedia`, never `either`. */
  media: number;
  /** One of `resourceStream`, never `any` by the text; devices send it. */
  stream: number;
  /** One of `resourceStorage`, never `any` by the text; devices send it. */
  storage: number;
  /** Of the file. */
  bytes: number;
}

export interface ResourceList {
  /** Serial of the 0x9205, or of the 0x9201, that it answers. */
  replySerial: number;
  resources: Resource[];
  /** How many the terminal says there are, when that is not how many it sent. */
  announced?: number;
}

const resourceLength = 28;

/**
 * 1078-2016 §5.6.1, table 21.
 *
 * | 0 | channel | BYTE |
 * | 1 | start | BCD[6] |
 * | 7 | end | BCD[6] |
 * | 13 | alarms | 64 bits, see alarm-mask.ts |
 * | 21 | media | BYTE |
 * | 22 | stream | BYTE |
 * | 23 | storage | BYTE; platforms are seen that leave it out, read as `any` |
 */
export const resourceQuery = defineMessage<0x9205, ResourceQuery>({
  id: 0x9205,
  name: 'Query resource list',
  direction: 'down',
  editions: ['1078-2016'],

  read: (cursor, _version, dialect) => ({
    channel: cursor.u8(),
    start: timeFromBcd(cursor.bytes(6)),
    end: timeFromBcd(cursor.bytes(6)),
    ...readAlarmMask(cursor, dialect),
    media: cursor.u8(),
    stream: cursor.u8(),
    storage: cursor.left ? cursor.u8() : resourceStorage.any,
  }),

  write(writer, value, _version, dialect) {
    writer.u8(value.channel).bytes(timeToBcd(value.start)).bytes(timeToBcd(value.end));
    writeAlarmMask(writer, value, dialect);
    writer.u8(value.media).u8(value.stream);
    if (!value.withoutStorage) writer.u8(value.storage);
  },
});

/**
 * 1078-2016 table 23.
 *
 * | 0 | channel | BYTE |
 * | 1 | start | BCD[6] |
 * | 7 | end | BCD[6] |
 * | 13 | alarms | 64 bits |
 * | 21 | media | BYTE |
 * | 22 | stream | BYTE |
 * | 23 | storage | BYTE |
 * | 24 | bytes | DWORD |
 */
function readResource(cursor: Cursor, dialect: BodyDialect): Resource {
  return {
    channel: cursor.u8(),
    start: timeFromBcd(cursor.bytes(6)),
    end: timeFromBcd(cursor.bytes(6)),
    ...readAlarmMask(cursor, dialect),
    media: cursor.u8(),
    stream: cursor.u8(),
    storage: cursor.u8(),
    bytes: cursor.u32(),
  };
}

function writeResource(writer: Writer, value: Resource, dialect: BodyDialect): void {
  writer.u8(value.channel).bytes(timeToBcd(value.start)).bytes(timeToBcd(value.end));
  writeAlarmMask(writer, value, dialect);
  writer.u8(value.media).u8(value.stream).u8(value.storage).u32(value.bytes);
}

/**
 * 1078-2016 §5.6.2, table 22. Sub-packaged as any 808 message, so that serial and count are in its first part only.
 *
 * | 0 | serial of the query | WORD |
 * | 2 | how many, n | DWORD |
 * | 6 | n resources | 28 bytes each, table 23 |
 *
 * What is there leads, not the count: nothing is set aside for resources that are only announced.
 */
export const resourceList = defineMessage<0x1205, ResourceList>({
  id: 0x1205,
  name: 'Terminal upload of audio and video resource list',
  direction: 'up',
  editions: ['1078-2016'],

  read(cursor, _version, dialect) {
    const replySerial = cursor.u16();
    const announced = cursor.u32();
    const resources: Resource[] = [];
    while (cursor.left >= resourceLength) resources.push(readResource(cursor, dialect));
    return { replySerial, resources, ...(announced === resources.length ? {} : { announced }) };
  },

  write(writer, value, _version, dialect) {
    writer.u16(value.replySerial).u32(value.announced ?? value.resources.length);
    for (const resource of value.resources) writeResource(writer, resource, dialect);
  },
});
