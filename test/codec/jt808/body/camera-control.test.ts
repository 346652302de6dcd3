import { describe, expect, it } from 'vitest';
import {
  apertureAdjustment,
  apertureControl,
  cameraTurn,
  focusAdjustment,
  focusControl,
  infraredControl,
  infraredState,
  turnDirection,
  wiperControl,
  wiperState,
  zoomAdjustment,
  zoomControl,
} from '../../../../electron/codec/jt808/body/camera-control.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x9301', () => {
  it('is channel, direction, speed', () => {
    for (const version of bothVersions)
      expectBody(cameraTurn, version, '04 03 FF', { channel: 4, direction: turnDirection.left, speed: 255 });
    expectBody(cameraTurn, '2013', '04 00 00', { channel: 4, direction: turnDirection.stop, speed: 0 });
  });

  it('is not written with a speed that does not fit', () => {
    expect(() => cameraTurn.write({ channel: 4, direction: 1, speed: 256 }, '2013')).toThrow(RangeError);
  });
});

describe('0x9302 to 0x9306', () => {
  it('are channel and control', () => {
    for (const version of bothVersions) {
      expectBody(focusControl, version, '04 01', { channel: 4, control: focusAdjustment.decrease });
      expectBody(apertureControl, version, '04 00', { channel: 4, control: apertureAdjustment.increase });
      expectBody(wiperControl, version, '04 01', { channel: 4, control: wiperState.start });
      expectBody(infraredControl, version, '04 00', { channel: 4, control: infraredState.stop });
      expectBody(zoomControl, version, '04 01', { channel: 4, control: zoomAdjustment.smaller });
    }
  });
});
