import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import {
  playbackCommand,
  playbackControl,
  playbackMode,
  playbackRequest,
  playbackSpeed,
} from '../../../../electron/codec/jt808/body/playback.ts';
import { resourceMedia, resourceStorage, resourceStream } from '../../../../electron/codec/jt808/body/resource-list.ts';
import { bytes } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x9201', () => {
  const body = '08 31302E342E322E37 19D3 0000 04 02 01 02 01 04 261123130000 000000000000';

  it('is address, ports, channel, media, stream, storage, mode, speed, start, end', () => {
    for (const version of bothVersions)
      expectBody(playbackRequest, version, body, {
        address: '10.4.2.7',
        tcpPort: 6611,
        udpPort: 0,
        channel: 4,
        media: resourceMedia.video,
        stream: resourceStream.main,
        storage: resourceStorage.backup,
        mode: playbackMode.fast,
        speed: playbackSpeed.x8,
        start: Date.parse('2026-11-23T13:00:00+08:00'),
        end: 0,
      });
  });

  it('is refused when it is cut', () => {
    expect(() => playbackRequest.read(bytes(body).subarray(0, -1), '2013')).toThrow(ShortRead);
  });
});

describe('0x9202', () => {
  it('is channel, command, speed and where to drag to', () => {
    for (const version of bothVersions)
      expectBody(playbackControl, version, '04 05 00 261123131530', {
        channel: 4,
        command: playbackCommand.drag,
        speed: playbackSpeed.none,
        position: Date.parse('2026-11-23T13:15:30+08:00'),
      });
    expectBody(playbackControl, '2013', '04 03 05 000000000000', {
      channel: 4,
      command: playbackCommand.fast,
      speed: playbackSpeed.x16,
      position: 0,
    });
  });
});
