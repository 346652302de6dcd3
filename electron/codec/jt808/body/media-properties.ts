import { defineEmptyMessage, defineMessage } from '../message-entry.ts';

/** 1078-2016: what a terminal can encode. Field names are those of the console's contract. */
export interface MediaProperties {
  /** Table 12. */
  audioPayloadType: number;
  audioChannels: number;
  /** Hz; 0 for a code that the standard lacks. */
  audioSampleRate: number;
  /** 0 for a code that the standard lacks. */
  audioBits: number;
  /** Bytes of one audio packet's payload; what talk back to the terminal must use. */
  audioFrameLength: number;
  /** The terminal can play sound. */
  audioOutput: boolean;
  /** Table 12. */
  videoPayloadType: number;
  maxAudioChannels: number;
  maxVideoChannels: number;
}

const sampleRates = [8000, 22050, 44100, 48000];
const sampleBits = [8, 16, 32];

/** 1078-2016 §5.3.2. No body. */
export const queryMediaProperties = defineEmptyMessage({
  id: 0x9003,
  name: 'Query terminal audio and video properties',
  direction: 'down',
  editions: ['1078-2016'],
});

/**
 * 1078-2016 §5.3.3, table 11.
 *
 * | 0 | audio encoding | BYTE |
 * | 1 | audio channels | BYTE |
 * | 2 | sample rate: 0 8 kHz, 1 22.05 kHz, 2 44.1 kHz, 3 48 kHz | BYTE |
 * | 3 | sample bits: 0 8, 1 16, 2 32 | BYTE |
 * | 4 | audio frame length | WORD |
 * | 6 | audio output: 0 no, 1 yes | BYTE |
 * | 7 | video encoding | BYTE |
 * | 8 | most audio channels | BYTE |
 * | 9 | most video channels | BYTE |
 */
export const mediaProperties = defineMessage<0x1003, MediaProperties>({
  id: 0x1003,
  name: 'Terminal upload of audio and video properties',
  direction: 'up',
  editions: ['1078-2016'],

  read: cursor => ({
    audioPayloadType: cursor.u8(),
    audioChannels: cursor.u8(),
    audioSampleRate: sampleRates[cursor.u8()] ?? 0,
    audioBits: sampleBits[cursor.u8()] ?? 0,
    audioFrameLength: cursor.u16(),
    audioOutput: cursor.u8() === 1,
    videoPayloadType: cursor.u8(),
    maxAudioChannels: cursor.u8(),
    maxVideoChannels: cursor.u8(),
  }),

  write(writer, value) {
    writer
      .u8(value.audioPayloadType)
      .u8(value.audioChannels)
      .u8(sampleRates.indexOf(value.audioSampleRate))
      .u8(sampleBits.indexOf(value.audioBits))
      .u16(value.audioFrameLength)
      .u8(value.audioOutput ? 1 : 0)
      .u8(value.videoPayloadType)
      .u8(value.maxAudioChannels)
      .u8(value.maxVideoChannels);
  },
});
