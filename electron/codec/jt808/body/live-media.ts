import { decodeText, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

/** What 0x9101 asks for. */
export const liveDataType = {
  audioVideo: 0,
  video: 1,
  talk: 2,
  listen: 3,
  broadcast: 4,
  passThrough: 5,
} as const;

/** Encoding of a channel in 0x9101 and 0x9102; playback requests number theirs differently. */
export const liveStream = { main: 0, sub: 1 } as const;

export interface LiveRequest {
  /** Where the terminal shall send to: address or name. */
  address: string;
  /** 0 when TCP is not offered. */
  tcpPort: number;
  /** 0 when UDP is not offered. */
  udpPort: number;
  /** Logical channel, 1 to 255. */
  channel: number;
  /** One of `liveDataType`. */
  dataType: number;
  /** One of `liveStream`. */
  stream: number;
}

/**
 * 1078-2016 §5.5.1, table 17. The right column of the English table is shifted by one row; this is the Chinese one.
 *
 * | 0 | length n of the address | BYTE |
 * | 1 | address | STRING |
 * | 1+n | TCP port | WORD |
 * | 3+n | UDP port | WORD |
 * | 5+n | channel | BYTE |
 * | 6+n | data type | BYTE |
 * | 7+n | stream | BYTE |
 */
export const liveRequest = defineMessage<0x9101, LiveRequest>({
  id: 0x9101,
  name: 'Real-time audio and video transmission request',
  direction: 'down',
  editions: ['1078-2016'],

  read: cursor => ({
    address: decodeText(cursor.bytes(cursor.u8())),
    tcpPort: cursor.u16(),
    udpPort: cursor.u16(),
    channel: cursor.u8(),
    dataType: cursor.u8(),
    stream: cursor.u8(),
  }),

  write(writer, value) {
    const address = encodeText(value.address);
    writer
      .u8(address.length)
      .bytes(address)
      .u16(value.tcpPort)
      .u16(value.udpPort)
      .u8(value.channel)
      .u8(value.dataType)
      .u8(value.stream);
  },
});

export const liveCommand = { close: 0, switchStream: 1, pause: 2, resume: 3, closeTalk: 4 } as const;

/** What `liveCommand.close` closes. */
export const liveClose = { all: 0, audio: 1, video: 2 } as const;

export interface LiveControl {
  channel: number;
  /** One of `liveCommand`. */
  command: number;
  /** One of `liveClose`. */
  close: number;
  /** One of `liveStream`: what to switch to. */
  stream: number;
}

/**
 * 1078-2016 §5.5.2, table 18.
 *
 * | 0 | channel | BYTE |
 * | 1 | command | BYTE |
 * | 2 | what to close | BYTE |
 * | 3 | stream to switch to | BYTE |
 */
export const liveControl = defineMessage<0x9102, LiveControl>({
  id: 0x9102,
  name: 'Real-time audio and video transmission control',
  direction: 'down',
  editions: ['1078-2016'],
  read: cursor => ({ channel: cursor.u8(), command: cursor.u8(), close: cursor.u8(), stream: cursor.u8() }),
  write: (writer, value) => {
    writer.u8(value.channel).u8(value.command).u8(value.close).u8(value.stream);
  },
});

export interface LiveStatus {
  channel: number;
  /** Packets lost of a hundred sent, rounded down. */
  lossPercent: number;
}

/**
 * 1078-2016 §5.5.4, table 20.
 *
 * | 0 | channel | BYTE |
 * | 1 | loss ratio × 100, rounded down | BYTE |
 */
export const liveStatus = defineMessage<0x9105, LiveStatus>({
  id: 0x9105,
  name: 'Real-time audio and video transmission status notification',
  direction: 'down',
  editions: ['1078-2016'],
  read: cursor => ({ channel: cursor.u8(), lossPercent: cursor.u8() }),
  write: (writer, value) => {
    writer.u8(value.channel).u8(value.lossPercent);
  },
});
