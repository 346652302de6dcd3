import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import {
  resourceList,
  resourceMedia,
  resourceQuery,
  resourceStorage,
  resourceStream,
} from '../../../../electron/codec/jt808/body/resource-list.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const start = Date.parse('2026-11-23T13:00:00+08:00');
const end = Date.parse('2026-11-23T14:05:09+08:00');

const query = {
  channel: 4,
  start,
  end,
  alarms: 0x00000001,
  videoAlarms: 0x00000041,
  media: resourceMedia.either,
  stream: resourceStream.sub,
  storage: resourceStorage.backup,
};

describe('0x9205', () => {
  it('is channel, start, end, alarms, media, stream, storage', () => {
    for (const version of bothVersions)
      expectBody(resourceQuery, version, '04 261123130000 261123140509 00000041 00000001 03 02 02', query);
  });

  it('has the halves of the alarm mask the other way round when so set', () => {
    const swapped = '04 261123130000 261123140509 00000001 00000041 03 02 02';
    const dialect = { alarmOrder: 'wordsSwapped' } as const;
    expect(resourceQuery.read(bytes(swapped), '2013', dialect)).toEqual(query);
    expect(hex(resourceQuery.write(query, '2013', dialect))).toBe(hex(bytes(swapped)));
  });

  it('asks for everything with zeros', () => {
    const everything = { channel: 0, start: 0, end: 0, alarms: 0, videoAlarms: 0, media: 0, stream: 0, storage: 0 };
    expectBody(resourceQuery, '2013', '00'.repeat(24), everything);
  });

  it('is read without the storage, as some platforms send it', () => {
    const short = bytes('04 261123130000 261123140509 00000041 00000001 03 02');
    expect(resourceQuery.read(short, '2013')).toEqual({ ...query, storage: resourceStorage.any });
    expect(() => resourceQuery.read(short.subarray(0, 22), '2013')).toThrow(ShortRead);
  });
});

const record = '04 261123130000 261123140509 00000000 00000001 00 01 01 0CB771A7';
const resource = {
  channel: 4,
  start,
  end,
  alarms: 1,
  videoAlarms: 0,
  media: resourceMedia.audioVideo,
  stream: resourceStream.main,
  storage: resourceStorage.main,
  bytes: 213_348_775,
};

describe('0x1205', () => {
  it('is the serial of the query, how many, and 28 bytes each', () => {
    for (const version of bothVersions)
      expectBody(resourceList, version, `1234 00000002 ${record} ${record}`, {
        replySerial: 0x1234,
        resources: [resource, resource],
      });
    expectBody(resourceList, '2013', '1234 00000000', { replySerial: 0x1234, resources: [] });
  });

  it('has the halves of the alarm mask the other way round when so set', () => {
    const list = resourceList.read(bytes(`1234 00000001 ${record}`), '2013', { alarmOrder: 'wordsSwapped' });
    expect(list.resources[0]).toEqual({ ...resource, alarms: 0, videoAlarms: 1 });
    expect(hex(resourceList.write(list, '2013', { alarmOrder: 'wordsSwapped' }))).toBe(
      hex(bytes(`1234 00000001 ${record}`)),
    );
  });

  it('says how many were announced when that is not how many came', () => {
    for (const announced of [0, 1, 65_535, 0xffffffff]) {
      const count = announced.toString(16).padStart(8, '0');
      expectBody(resourceList, '2013', `1234 ${count} ${record} ${record}`, {
        replySerial: 0x1234,
        resources: [resource, resource],
        announced,
      });
    }
  });

  it('keeps the whole resources of a list that was cut', () => {
    const cut = bytes(`1234 00000002 ${record} ${record}`).subarray(0, -1);
    expect(resourceList.read(cut, '2013')).toEqual({ replySerial: 0x1234, resources: [resource], announced: 2 });
    expect(() => resourceList.read(bytes('1234 000000'), '2013')).toThrow(ShortRead);
  });

  it('carries thousands', () => {
    const resources = Array.from({ length: 5000 }, (_, at) => ({ ...resource, bytes: at }));
    const body = resourceList.write({ replySerial: 7, resources }, '2019');
    expect(body.length).toBe(6 + 5000 * 28);
    expect(resourceList.read(body, '2019')).toEqual({ replySerial: 7, resources });
  });
});
