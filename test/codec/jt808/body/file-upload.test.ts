import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import {
  fileUpload,
  fileUploadControl,
  fileUploaded,
  uploadCommand,
  uploadCondition,
  uploadResult,
} from '../../../../electron/codec/jt808/body/file-upload.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const head = '08 31302E342E322E37 084B 02 7535 03 6B6579 06 2F7461736B33 04 261123130000 261123140509';
const upload = {
  address: '10.4.2.7',
  port: 2123,
  user: 'u5',
  password: 'key',
  path: '/task3',
  channel: 4,
  start: Date.parse('2026-11-23T13:00:00+08:00'),
  end: Date.parse('2026-11-23T14:05:09+08:00'),
  alarms: 0x00000001,
  videoAlarms: 0x00000041,
  media: 0,
  stream: 1,
  storage: 1,
  conditions: uploadCondition.wifi | uploadCondition.mobile,
};

describe('0x9206', () => {
  it('is an FTP server, then what a search has, then on which networks', () => {
    for (const version of bothVersions)
      expectBody(fileUpload, version, `${head} 00000041 00000001 00 01 01 05`, upload);
  });

  it('has the halves of the alarm mask the other way round when so set', () => {
    const dialect = { alarmOrder: 'wordsSwapped' } as const;
    const body = `${head} 00000001 00000041 00 01 01 05`;
    expect(fileUpload.read(bytes(body), '2013', dialect)).toEqual(upload);
    expect(hex(fileUpload.write(upload, '2013', dialect))).toBe(hex(bytes(body)));
  });

  it('is refused when a text runs over the end', () => {
    expect(() => fileUpload.read(bytes('08 31302E342E322E37 084B 02 7535 FF 6B6579'), '2013')).toThrow(ShortRead);
  });

  it('is not written with a text over 255 bytes', () => {
    expect(() => fileUpload.write({ ...upload, path: '/'.repeat(256) }, '2013')).toThrow(RangeError);
  });
});

describe('0x1206', () => {
  it('is the serial of the instruction and the result', () => {
    for (const version of bothVersions)
      expectBody(fileUploaded, version, '1234 01', { replySerial: 0x1234, result: uploadResult.failed });
  });
});

describe('0x9207', () => {
  it('is the serial of the instruction and a command', () => {
    for (const version of bothVersions)
      expectBody(fileUploadControl, version, '1234 02', { uploadSerial: 0x1234, command: uploadCommand.cancel });
  });
});
