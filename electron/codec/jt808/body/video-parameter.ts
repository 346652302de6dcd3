import { digitsToBytes } from '../../bcd.ts';
import type { Cursor } from '../../cursor.ts';
import { hexDigits } from '../../terminal-id.ts';
import type { Writer } from '../../writer.ts';
import type { ParameterLayout } from './parameter-layout.ts';

/** One of the two encodings of a channel. */
export interface EncodingSettings {
  /** 0 constant bit rate, 1 variable, 2 average; 100 and up maker's own. */
  mode: number;
  /** 0 QCIF, 1 CIF, 2 WCIF, 3 D1, 4 WD1, 5 720P, 6 1080P; 100 and up maker's own. */
  resolution: number;
  /** Frames from one key frame to the next, 1 to 1000. */
  keyFrameInterval: number;
  /** Frames a second, 1 to 120. */
  frameRate: number;
  /** kbit/s. */
  bitRate: number;
}

export interface VideoSettings {
  live: EncodingSettings;
  storage: EncodingSettings;
  /** Captions burned in, bits: 0 date and time, 1 plate, 2 channel, 3 position, 4 recorder speed, 5 GNSS speed, 6 driving time. */
  captions: number;
}

export interface ChannelEntry {
  /** Physical channel, from 1. */
  physical: number;
  /** Logical channel: what every other message calls it. */
  logical: number;
  /** 0 audio and video, 1 audio, 2 video. */
  kind: number;
  /** 1 when a pan-tilt head is attached; meant only for `kind` 0 and 2. */
  panTilt: number;
}

export interface ChannelTable {
  audioVideo: ChannelEntry[];
  audio: ChannelEntry[];
  video: ChannelEntry[];
}

export interface WakePeriod {
  /** hhmm. */
  wake: string;
  /** hhmm. */
  sleep: string;
}

/** 1078-2016 §5.3.1, tables 1 to 10. */
export interface VideoParameterValues {
  /** Audio and video parameters for every channel without its own. */
  0x0075: VideoSettings & { audio: number };
  0x0076: ChannelTable;
  /** Video parameters of single channels. */
  0x0077: (VideoSettings & { channel: number })[];
  /** Recording around alarms: storage threshold in per cent, longest minutes after, minutes before. */
  0x0079: { storagePercent: number; minutesAfter: number; minutesBefore: number };
  /** Video alarms that are not reported, bits of item 0x14. */
  0x007a: number;
  /** Passengers admitted, and the fatigue level from which an alarm is raised. */
  0x007b: { passengers: number; fatigue: number };
  /** Waking from sleep. */
  0x007c: { modes: number; conditions: number; weekdays: number; periodsOn: number; periods: WakePeriod[] };
}

// | 0 | mode BYTE |, | 1 | resolution BYTE |, | 2 | key frame interval WORD |, | 4 | frame rate BYTE |, | 5 | bit rate DWORD |
function readEncoding(cursor: Cursor): EncodingSettings {
  return {
    mode: cursor.u8(),
    resolution: cursor.u8(),
    keyFrameInterval: cursor.u16(),
    frameRate: cursor.u8(),
    bitRate: cursor.u32(),
  };
}

function writeEncoding(writer: Writer, value: EncodingSettings): void {
  writer.u8(value.mode).u8(value.resolution).u16(value.keyFrameInterval).u8(value.frameRate).u32(value.bitRate);
}

// | 0 | live | 9 bytes |, | 9 | storage | 9 bytes |, | 18 | captions | WORD |
function readVideo(cursor: Cursor): VideoSettings {
  return { live: readEncoding(cursor), storage: readEncoding(cursor), captions: cursor.u16() };
}

function writeVideo(writer: Writer, value: VideoSettings): void {
  writeEncoding(writer, value.live);
  writeEncoding(writer, value.storage);
  writer.u16(value.captions);
}

// | 0 | physical BYTE |, | 1 | logical BYTE |, | 2 | kind BYTE |, | 3 | pan-tilt BYTE |
function readChannels(cursor: Cursor, count: number): ChannelEntry[] {
  const channels: ChannelEntry[] = [];
  while (channels.length < count)
    channels.push({ physical: cursor.u8(), logical: cursor.u8(), kind: cursor.u8(), panTilt: cursor.u8() });
  return channels;
}

export const videoParameters: {
  readonly [Id in keyof VideoParameterValues]: ParameterLayout<VideoParameterValues[Id]>;
} = {
  // | 0 | video settings | 20 bytes |, | 20 | audio: 0 off, 1 on | BYTE |
  0x0075: {
    fits: raw => raw.length === 21,
    read: cursor => ({ ...readVideo(cursor), audio: cursor.u8() }),
    write(writer, value) {
      writeVideo(writer, value);
      writer.u8(value.audio);
    },
  },
  // | 0 | channels with audio and video, l | BYTE |, | 1 | audio, m | BYTE |, | 2 | video, n | BYTE |, | 3 | 4 bytes each |
  0x0076: {
    fits: raw => raw.length >= 3 && raw.length === 3 + 4 * ((raw[0] ?? 0) + (raw[1] ?? 0) + (raw[2] ?? 0)),
    read(cursor) {
      const [audioVideo, audio, video] = [cursor.u8(), cursor.u8(), cursor.u8()];
      return {
        audioVideo: readChannels(cursor, audioVideo),
        audio: readChannels(cursor, audio),
        video: readChannels(cursor, video),
      };
    },
    write(writer, value) {
      writer.u8(value.audioVideo.length).u8(value.audio.length).u8(value.video.length);
      for (const entry of [...value.audioVideo, ...value.audio, ...value.video])
        writer.u8(entry.physical).u8(entry.logical).u8(entry.kind).u8(entry.panTilt);
    },
  },
  // | 0 | how many, n | BYTE |, then n times | channel BYTE | video settings 20 bytes |
  0x0077: {
    fits: raw => raw.length === 1 + 21 * (raw[0] ?? 0),
    read(cursor) {
      const channels: VideoParameterValues[0x0077] = [];
      for (let count = cursor.u8(); count > 0; count--) channels.push({ channel: cursor.u8(), ...readVideo(cursor) });
      return channels;
    },
    write(writer, value) {
      writer.u8(value.length);
      for (const entry of value) {
        writer.u8(entry.channel);
        writeVideo(writer, entry);
      }
    },
  },
  0x0079: {
    fits: raw => raw.length === 3,
    read: cursor => ({ storagePercent: cursor.u8(), minutesAfter: cursor.u8(), minutesBefore: cursor.u8() }),
    write: (writer, value) => writer.u8(value.storagePercent).u8(value.minutesAfter).u8(value.minutesBefore),
  },
  0x007a: {
    fits: raw => raw.length === 4,
    read: cursor => cursor.u32(),
    write: (writer, value) => writer.u32(value),
  },
  0x007b: {
    fits: raw => raw.length === 2,
    read: cursor => ({ passengers: cursor.u8(), fatigue: cursor.u8() }),
    write: (writer, value) => writer.u8(value.passengers).u8(value.fatigue),
  },
  // | 0 | modes BYTE: 0 by condition, 1 by time, 2 by hand |, | 1 | conditions BYTE: 0 emergency, 1 collision, 2 door |
  // | 2 | weekdays BYTE, bit 0 Monday |, | 3 | periods in use BYTE |, | 4 | four times wake BCD[2], sleep BCD[2] |
  0x007c: {
    fits: raw => raw.length === 20,
    read: cursor => ({
      modes: cursor.u8(),
      conditions: cursor.u8(),
      weekdays: cursor.u8(),
      periodsOn: cursor.u8(),
      periods: Array.from({ length: 4 }, () => ({
        wake: hexDigits(cursor.bytes(2)),
        sleep: hexDigits(cursor.bytes(2)),
      })),
    }),
    write(writer, value) {
      if (value.periods.length !== 4) throw new RangeError(`${value.periods.length} wake periods, not 4`);
      writer.u8(value.modes).u8(value.conditions).u8(value.weekdays).u8(value.periodsOn);
      for (const { wake, sleep } of value.periods) writer.bytes(digitsToBytes(wake, 2)).bytes(digitsToBytes(sleep, 2));
    },
  },
};
