import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import {
  liveClose,
  liveCommand,
  liveControl,
  liveDataType,
  liveRequest,
  liveStatus,
  liveStream,
} from '../../../../electron/codec/jt808/body/live-media.ts';
import { bytes } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x9101', () => {
  it('is address, TCP port, UDP port, channel, data type, stream', () => {
    for (const version of bothVersions)
      expectBody(liveRequest, version, '08 31302E342E322E37 0000 19D3 04 01 01', {
        address: '10.4.2.7',
        tcpPort: 0,
        udpPort: 6611,
        channel: 4,
        dataType: liveDataType.video,
        stream: liveStream.sub,
      });
  });

  it('is refused when the address runs over the end', () => {
    expect(() => liveRequest.read(bytes('20 31302E342E322E37 0000 19D3 04 01 01'), '2013')).toThrow(ShortRead);
  });
});

describe('0x9102', () => {
  it('is channel, command, what to close, stream', () => {
    for (const version of bothVersions)
      expectBody(liveControl, version, '04 01 02 01', {
        channel: 4,
        command: liveCommand.switchStream,
        close: liveClose.video,
        stream: liveStream.sub,
      });
  });
});

describe('0x9105', () => {
  it('is channel and loss in per cent', () => {
    for (const version of bothVersions) expectBody(liveStatus, version, '04 63', { channel: 4, lossPercent: 99 });
  });
});
