import { defineMessage } from '../message-entry.ts';

/** `command` of 0x8801 beside a number of pictures from 1 to 0xFFFE. */
export const shotCommand = { stop: 0, record: 0xffff } as const;

/** 808-2013 §8.54. */
export const shotResolution = {
  '320×240': 1,
  '640×480': 2,
  '800×600': 3,
  '1024×768': 4,
  QCIF: 5,
  CIF: 6,
  HD1: 7,
  D1: 8,
} as const;

export interface CameraShot {
  /** 1 to 255. */
  channel: number;
  /** How many pictures, or one of `shotCommand`. */
  command: number;
  /** Seconds between pictures, or of the recording; 0: as short as can be, or until it is stopped. */
  interval: number;
  /** True: kept on the vehicle; false: sent at once. */
  isKept: boolean;
  /** One of `shotResolution`. */
  resolution: number;
  /** 1 least loss to 10 smallest. */
  quality: number;
  /** 0 to 255. */
  brightness: number;
  /** 0 to 127. */
  contrast: number;
  /** 0 to 127. */
  saturation: number;
  /** 0 to 255. */
  chroma: number;
}

/**
 * 808-2013 §8.54.
 *
 * | 0 | channel | BYTE |
 * | 1 | command | WORD |
 * | 3 | interval or duration, s | WORD |
 * | 5 | 1 keep, 0 send at once | BYTE |
 * | 6 | resolution | BYTE |
 * | 7 | quality | BYTE |
 * | 8 | brightness | BYTE |
 * | 9 | contrast | BYTE |
 * | 10 | saturation | BYTE |
 * | 11 | chroma | BYTE |
 */
export const cameraShot = defineMessage<0x8801, CameraShot>({
  id: 0x8801,
  name: 'Camera immediate taken command',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],

  read: cursor => ({
    channel: cursor.u8(),
    command: cursor.u16(),
    interval: cursor.u16(),
    isKept: cursor.u8() === 1,
    resolution: cursor.u8(),
    quality: cursor.u8(),
    brightness: cursor.u8(),
    contrast: cursor.u8(),
    saturation: cursor.u8(),
    chroma: cursor.u8(),
  }),

  write(writer, value) {
    writer
      .u8(value.channel)
      .u16(value.command)
      .u16(value.interval)
      .u8(value.isKept ? 1 : 0)
      .u8(value.resolution)
      .u8(value.quality)
      .u8(value.brightness)
      .u8(value.contrast)
      .u8(value.saturation)
      .u8(value.chroma);
  },
});

export const shotResult = { ok: 0, failed: 1, unsupportedChannel: 2 } as const;

export interface CameraShotReply {
  /** Serial of the command. */
  replySerial: number;
  /** One of `shotResult`. */
  result: number;
  /** Multimedia ids of the pictures taken; empty unless `result` is `ok`. */
  mediaIds: number[];
}

/**
 * 808-2013 §8.55.
 *
 * | 0 | serial of the command | WORD |
 * | 2 | result | BYTE |
 * | 3 | how many, n | WORD, absent when it failed; terminals are seen that send a BYTE |
 * | 5 | multimedia ids | DWORD[n] |
 *
 * The length tells how wide the count is; what is there leads, not the count.
 */
export const cameraShotReply = defineMessage<0x0805, CameraShotReply>({
  id: 0x0805,
  name: 'Camera immediate taken command response',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor) {
    const replySerial = cursor.u16();
    const result = cursor.u8();
    cursor.skip(Math.min(cursor.left, cursor.left % 4 === 1 ? 1 : 2));
    const mediaIds: number[] = [];
    while (cursor.left >= 4) mediaIds.push(cursor.u32());
    return { replySerial, result, mediaIds };
  },

  write(writer, value) {
    writer.u16(value.replySerial).u8(value.result);
    if (value.result !== shotResult.ok && value.mediaIds.length === 0) return;
    writer.u16(value.mediaIds.length);
    for (const id of value.mediaIds) writer.u32(id);
  },
});
