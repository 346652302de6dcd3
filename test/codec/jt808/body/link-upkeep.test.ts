import { describe, expect, it } from 'vitest';
import { queryDeviceProperties } from '../../../../electron/codec/jt808/body/device-properties.ts';
import { heartbeat, logout } from '../../../../electron/codec/jt808/body/link-upkeep.ts';
import { queryMediaProperties } from '../../../../electron/codec/jt808/body/media-properties.ts';
import { queryParameters } from '../../../../electron/codec/jt808/body/parameters.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('messages without a body', () => {
  it('are empty both ways', () => {
    for (const entry of [heartbeat, logout, queryParameters, queryDeviceProperties, queryMediaProperties])
      for (const version of bothVersions) expectBody(entry, version, '', null);
  });

  it('are 0x0002, 0x0003, 0x8104, 0x8107 and 0x9003', () => {
    expect(
      [heartbeat, logout, queryParameters, queryDeviceProperties, queryMediaProperties].map(each => each.id),
    ).toEqual([0x0002, 0x0003, 0x8104, 0x8107, 0x9003]);
  });
});
