import { timeFromBcd, timeToBcd } from '../../bcd.ts';
import { decodeText, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

export const playbackMode = { normal: 0, fast: 1, keyFramesBack: 2, keyFrames: 3, singleFrame: 4 } as const;

/** Speed as 0x9201 and 0x9202 number it; for `fast` and the rewinds, 0 otherwise. */
export const playbackSpeed = { none: 0, x1: 1, x2: 2, x4: 3, x8: 4, x16: 5 } as const;

export interface PlaybackRequest {
  /** Where the terminal shall send to: address or name. */
  address: string;
  /** 0 when TCP is not offered. */
  tcpPort: number;
  /** 0 when UDP is not offered. */
  udpPort: number;
  /** Logical channel, 1 to 255. */
  channel: number;
  /** One of `resourceMedia`. */
  media: number;
  /** One of `resourceStream`: any 0, main 1, sub 2, unlike 0x9101. */
  stream: number;
  /** One of `resourceStorage`. */
  storage: number;
  /** One of `playbackMode`. */
  mode: number;
  /** One of `playbackSpeed`. */
  speed: number;
  /** ms since 1970. In single-frame mode, the time of the frame. */
  start: number;
  /** ms since 1970; 0: until there is no more. */
  end: number;
}

/**
 * 1078-2016 §5.6.3, table 24. The text has the terminal answer with 0x1205; many answer 0x0001.
 *
 * | 0 | length n of the address | BYTE |
 * | 1 | address | STRING |
 * | 1+n | TCP port | WORD |
 * | 3+n | UDP port | WORD |
 * | 5+n | channel | BYTE |
 * | 6+n | media | BYTE |
 * | 7+n | stream | BYTE |
 * | 8+n | storage | BYTE |
 * | 9+n | mode | BYTE |
 * | 10+n | speed | BYTE |
 * | 11+n | start | BCD[6] |
 * | 17+n | end | BCD[6] |
 */
export const playbackRequest = defineMessage<0x9201, PlaybackRequest>({
  id: 0x9201,
  name: 'Platform request for remote video playback',
  direction: 'down',
  editions: ['1078-2016'],

  read: cursor => ({
    address: decodeText(cursor.bytes(cursor.u8())),
    tcpPort: cursor.u16(),
    udpPort: cursor.u16(),
    channel: cursor.u8(),
    media: cursor.u8(),
    stream: cursor.u8(),
    storage: cursor.u8(),
    mode: cursor.u8(),
    speed: cursor.u8(),
    start: timeFromBcd(cursor.bytes(6)),
    end: timeFromBcd(cursor.bytes(6)),
  }),

  write(writer, value) {
    const address = encodeText(value.address);
    writer
      .u8(address.length)
      .bytes(address)
      .u16(value.tcpPort)
      .u16(value.udpPort)
      .u8(value.channel)
      .u8(value.media)
      .u8(value.stream)
      .u8(value.storage)
      .u8(value.mode)
      .u8(value.speed)
      .bytes(timeToBcd(value.start))
      .bytes(timeToBcd(value.end));
  },
});

export const playbackCommand = {
  start: 0,
  pause: 1,
  stop: 2,
  fast: 3,
  keyFramesBack: 4,
  drag: 5,
  keyFrames: 6,
} as const;

export interface PlaybackControl {
  channel: number;
  /** One of `playbackCommand`. */
  command: number;
  /** One of `playbackSpeed`: for `fast` and `keyFramesBack`. */
  speed: number;
  /** ms since 1970, for `drag`; 0 otherwise. */
  position: number;
}

/**
 * 1078-2016 §5.6.4, table 25.
 *
 * | 0 | channel | BYTE |
 * | 1 | command | BYTE |
 * | 2 | speed | BYTE |
 * | 3 | where to drag to | BCD[6] |
 */
export const playbackControl = defineMessage<0x9202, PlaybackControl>({
  id: 0x9202,
  name: 'Platform control of remote video playback',
  direction: 'down',
  editions: ['1078-2016'],
  read: cursor => ({
    channel: cursor.u8(),
    command: cursor.u8(),
    speed: cursor.u8(),
    position: timeFromBcd(cursor.bytes(6)),
  }),
  write(writer, value) {
    writer.u8(value.channel).u8(value.command).u8(value.speed).bytes(timeToBcd(value.position));
  },
});
