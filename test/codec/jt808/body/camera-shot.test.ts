import { describe, expect, it } from 'vitest';
import {
  cameraShot,
  cameraShotReply,
  shotCommand,
  shotResolution,
  shotResult,
} from '../../../../electron/codec/jt808/body/camera-shot.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x8801', () => {
  const shot = {
    channel: 4,
    command: 3,
    interval: 10,
    isKept: false,
    resolution: shotResolution['640×480'],
    quality: 1,
    brightness: 128,
    contrast: 64,
    saturation: 65,
    chroma: 129,
  };

  it('is twelve bytes', () => {
    for (const version of bothVersions) expectBody(cameraShot, version, '04 0003 000A 00 02 01 80 40 41 81', shot);
    expectBody(cameraShot, '2013', '04 FFFF 000A 01 02 01 80 40 41 81', {
      ...shot,
      command: shotCommand.record,
      isKept: true,
    });
  });
});

describe('0x0805', () => {
  it('is the serial of the command, a result and the ids of the pictures', () => {
    for (const version of bothVersions)
      expectBody(cameraShotReply, version, '1234 00 0002 00000007 00000008', {
        replySerial: 0x1234,
        result: shotResult.ok,
        mediaIds: [7, 8],
      });
    expectBody(cameraShotReply, '2013', '1234 00 0000', { replySerial: 0x1234, result: shotResult.ok, mediaIds: [] });
  });

  it('of a failure ends with the result', () => {
    expectBody(cameraShotReply, '2013', '1234 02', {
      replySerial: 0x1234,
      result: shotResult.unsupportedChannel,
      mediaIds: [],
    });
    expect(cameraShotReply.read(bytes('1234 01 0000'), '2013')).toMatchObject({ mediaIds: [] });
  });

  it('is read with a count of one byte, and with a count that is wrong', () => {
    const value = { replySerial: 0x1234, result: shotResult.ok, mediaIds: [7] };
    for (const body of ['1234 00 01 00000007', '1234 00 FFFF 00000007'])
      expect(cameraShotReply.read(bytes(body), '2013')).toEqual(value);
    expect(hex(cameraShotReply.write(value, '2013'))).toBe('123400000100000007');
  });
});
