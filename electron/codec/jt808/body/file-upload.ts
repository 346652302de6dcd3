import { timeFromBcd, timeToBcd } from '../../bcd.ts';
import { decodeText, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';
import { readAlarmMask, writeAlarmMask } from './alarm-mask.ts';
import type { ResourceQuery } from './resource-list.ts';

/** Networks over which the terminal may upload, bits of `conditions`. */
export const uploadCondition = { wifi: 0x01, lan: 0x02, mobile: 0x04 } as const;

/** Which files to upload, and where to: the fields of a search, and an FTP server. */
export interface FileUpload extends ResourceQuery {
  /** Of the FTP server. */
  address: string;
  port: number;
  user: string;
  password: string;
  /** Folder on the server. */
  path: string;
  /** Bits of `uploadCondition`. */
  conditions: number;
}

/**
 * 1078-2016 §5.6.5, table 26.
 *
 * | 0 | length k of the address | BYTE |
 * | 1 | address | STRING |
 * | 1+k | port | WORD |
 * | 3+k | length l of the user | BYTE |
 * | 4+k | user | STRING |
 * | 4+k+l | length m of the password | BYTE |
 * | 5+k+l | password | STRING |
 * | 5+k+l+m | length n of the path | BYTE |
 * | 6+k+l+m | path | STRING |
 * | 6+k+l+m+n | channel | BYTE |
 * | 7+k+l+m+n | start | BCD[6] |
 * | 13+k+l+m+n | end | BCD[6] |
 * | 19+k+l+m+n | alarms | 64 bits, see alarm-mask.ts |
 * | 27+k+l+m+n | media | BYTE |
 * | 28+k+l+m+n | stream | BYTE |
 * | 29+k+l+m+n | storage | BYTE |
 * | 30+k+l+m+n | conditions | BYTE |
 */
export const fileUpload = defineMessage<0x9206, FileUpload>({
  id: 0x9206,
  name: 'File upload instruction',
  direction: 'down',
  editions: ['1078-2016'],

  read: (cursor, _version, dialect) => ({
    address: decodeText(cursor.bytes(cursor.u8())),
    port: cursor.u16(),
    user: decodeText(cursor.bytes(cursor.u8())),
    password: decodeText(cursor.bytes(cursor.u8())),
    path: decodeText(cursor.bytes(cursor.u8())),
    channel: cursor.u8(),
    start: timeFromBcd(cursor.bytes(6)),
    end: timeFromBcd(cursor.bytes(6)),
    ...readAlarmMask(cursor, dialect),
    media: cursor.u8(),
    stream: cursor.u8(),
    storage: cursor.u8(),
    conditions: cursor.u8(),
  }),

  write(writer, value, _version, dialect) {
    const address = encodeText(value.address);
    writer.u8(address.length).bytes(address).u16(value.port);
    for (const text of [value.user, value.password, value.path]) {
      const encoded = encodeText(text);
      writer.u8(encoded.length).bytes(encoded);
    }
    writer.u8(value.channel).bytes(timeToBcd(value.start)).bytes(timeToBcd(value.end));
    writeAlarmMask(writer, value, dialect);
    writer.u8(value.media).u8(value.stream).u8(value.storage).u8(value.conditions);
  },
});

export const uploadResult = { ok: 0, failed: 1 } as const;

export interface FileUploaded {
  /** Serial of the 0x9206. */
  replySerial: number;
  /** One of `uploadResult`. */
  result: number;
}

/**
 * 1078-2016 §5.6.6, table 27.
 *
 * | 0 | serial of the upload instruction | WORD |
 * | 2 | result | BYTE |
 */
export const fileUploaded = defineMessage<0x1206, FileUploaded>({
  id: 0x1206,
  name: 'File upload completion notification',
  direction: 'up',
  editions: ['1078-2016'],
  read: cursor => ({ replySerial: cursor.u16(), result: cursor.u8() }),
  write(writer, value) {
    writer.u16(value.replySerial).u8(value.result);
  },
});

export const uploadCommand = { pause: 0, resume: 1, cancel: 2 } as const;

export interface FileUploadControl {
  /** Serial of the 0x9206. */
  uploadSerial: number;
  /** One of `uploadCommand`. */
  command: number;
}

/**
 * 1078-2016 §5.6.7, table 28.
 *
 * | 0 | serial of the upload instruction | WORD |
 * | 2 | command | BYTE |
 */
export const fileUploadControl = defineMessage<0x9207, FileUploadControl>({
  id: 0x9207,
  name: 'File upload control',
  direction: 'down',
  editions: ['1078-2016'],
  read: cursor => ({ uploadSerial: cursor.u16(), command: cursor.u8() }),
  write(writer, value) {
    writer.u16(value.uploadSerial).u8(value.command);
  },
});
