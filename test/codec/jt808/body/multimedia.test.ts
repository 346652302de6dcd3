import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import {
  multimediaEvent,
  multimediaEventReport,
  multimediaFormat,
  multimediaReply,
  multimediaType,
  multimediaUpload,
} from '../../../../electron/codec/jt808/body/multimedia.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const head = '0000007B 00 00 02 04';
const event = {
  mediaId: 123,
  type: multimediaType.image,
  format: multimediaFormat.jpeg,
  event: multimediaEvent.robbery,
  channel: 4,
};
const place = '00000001 00000003 01DCF2AE 073C1B40 0010 0258 010E 261123130405';
const noTime = `${'00'.repeat(22)} 000000000000`;
const location = {
  alarms: 1,
  status: 3,
  latitude: 31.257262,
  longitude: 121.379648,
  altitude: 16,
  speed: 60,
  direction: 270,
  time: Date.parse('2026-11-23T13:04:05+08:00'),
  items: [],
};
const jpeg = 'FFD8FFE0 0010 4A464946';

describe('0x0800', () => {
  it('is id, type, format, event, channel', () => {
    for (const version of bothVersions) expectBody(multimediaEventReport, version, head, event);
  });
});

describe('0x0801', () => {
  it('of 2013 and 2019 has a position before its data', () => {
    for (const version of bothVersions)
      expectBody(multimediaUpload, version, `${head} ${place} ${jpeg}`, { ...event, location, data: bytes(jpeg) });
  });

  it('of 2011 has none', () => {
    const long = `${jpeg} ${'00'.repeat(60)}`;
    expectBody(multimediaUpload, '2013', `${head} ${long}`, { ...event, data: bytes(long) });
    expectBody(multimediaUpload, '2013', `${head} ${jpeg}`, { ...event, data: bytes(jpeg) });
  });

  it('of unknown data has a position when there is a time in it, or no fix yet', () => {
    const data = bytes('0102');
    expect(multimediaUpload.read(bytes(`${head} ${place} 0102`), '2013')).toEqual({ ...event, location, data });
    expect(multimediaUpload.read(bytes(`${head} ${noTime} 0102`), '2013').location?.time).toBe(0);
    const sound = `${'5A'.repeat(40)}`;
    expect(multimediaUpload.read(bytes(`${head} ${sound}`), '2013')).toEqual({ ...event, data: bytes(sound) });
  });

  it('of 2019 is refused without a position', () => {
    expect(() => multimediaUpload.read(bytes(`${head} ${jpeg}`), '2019')).toThrow(ShortRead);
    expect(() => multimediaUpload.write({ ...event, data: bytes(jpeg) }, '2019')).toThrow(RangeError);
  });

  it('owns its data', () => {
    const body = bytes(`${head} ${place} ${jpeg}`);
    const { data } = multimediaUpload.read(body, '2013');
    body.fill(0);
    expect(hex(data)).toBe(hex(bytes(jpeg)));
  });
});

describe('0x8800', () => {
  it('is the id alone when all is there', () => {
    for (const version of bothVersions) expectBody(multimediaReply, version, '0000007B', { mediaId: 123, missing: [] });
    expect(multimediaReply.read(bytes('0000007B 00'), '2013')).toEqual({ mediaId: 123, missing: [] });
  });

  it('names the parts to send again', () => {
    for (const version of bothVersions)
      expectBody(multimediaReply, version, '0000007B 02 0002 0103', { mediaId: 123, missing: [2, 259] });
    expect(() => multimediaReply.read(bytes('0000007B 02 0002'), '2013')).toThrow(ShortRead);
  });
});
