import { type AacTrack, aacFrameSamples, aacTrack, adtsFrames, adtsHeaderBytes } from '../../codec/audio/adts.ts';
import { soundCoding } from '../../codec/audio/decoder.ts';
import { createSoundEncoder, type SoundEncoder } from '../../codec/audio/encoder.ts';
import { hisiHeaderBytes, withoutHisiHeader } from '../../codec/audio/hisi-header.ts';
import type { VehicleCapabilities } from '../../contract.ts';
import type { AudioPacket } from '../../frames/frame.ts';
import type { AacTerms } from './aac-voice.ts';

/** 1078-2016 table 19: what one packet may carry. */
export const maxPayload = 950;
const g711a = 6;
/** Codings whose rate is the terminal's to choose: linear PCM. */
const linear: readonly number[] = [15, 16, 18, 22, 23];
/** bit/s of speech as AAC for each channel, and within what a stated frame length may change them. */
const aacBits = { usual: 24_000, above16k: 48_000, least: 16_000, most: 96_000 } as const;

/** What a terminal itself sends, as a hint of what it plays. */
export interface HeardSound {
  readonly payloadType: number;
  /** Of one packet, without the header of HiSilicon recorders. */
  readonly bytes: number;
  readonly hasHisiHeader: boolean;
  /** AAC: what its ADTS headers say; `raw` without such headers. */
  readonly aac?: AacTrack | 'raw';
}

export function heardSound({ payloadType, data }: AudioPacket): HeardSound {
  const bare = withoutHisiHeader(data);
  const heard = { payloadType, bytes: bare.length, hasHisiHeader: bare.length < data.length };
  return isAac(payloadType) ? { ...heard, aac: adtsFrames(bare)?.track ?? 'raw' } : heard;
}

/** A coding that is made packet by packet. */
export interface PacketTalk {
  readonly kind: 'packets';
  readonly payloadType: number;
  readonly encoder: SoundEncoder;
}

/** AAC, a frame of 1024 samples in each packet. */
export interface AacTalk {
  readonly kind: 'aac';
  readonly payloadType: number;
  readonly terms: AacTerms;
  readonly framing: 'adts' | 'raw';
  readonly hisiHeader: boolean;
}

export type TalkSound = PacketTalk | AacTalk;

/**
 * How a terminal is spoken to: in the coding and frame length of its 0x1003 (an ES500 says 80 bytes, 10 ms, and plays nothing
 * else), else in those of its own sound, else in G.711 A-law of 20 ms. The header of HiSilicon recorders goes before each packet
 * of a terminal that sends it. AAC is framed as the terminal frames its own, in ADTS until that is heard.
 * @returns undefined when neither what it says nor what it sends can be made here
 */
export function talkSound(
  capabilities: VehicleCapabilities | undefined,
  heard: HeardSound | undefined,
): TalkSound | undefined {
  const hisiHeader = heard?.hasHisiHeader ?? false;
  if (capabilities) {
    const { audioPayloadType, audioFrameLength, audioSampleRate } = capabilities;
    const made = isAac(audioPayloadType)
      ? aacTalk(audioPayloadType, capabilities, heard)
      : fitting(audioPayloadType, audioFrameLength, hisiHeader, audioSampleRate);
    if (made) return made;
  }
  if (heard?.aac) return aacTalk(heard.payloadType, capabilities, heard);
  if (heard) return fitting(heard.payloadType, heard.bytes, hisiHeader);
  return capabilities ? undefined : fitting(g711a, 0, hisiHeader);
}

function isAac(payloadType: number): boolean {
  return soundCoding(payloadType).handling === 'aac';
}

/** What its ADTS headers say goes over its 0x1003; a rate or a number of channels that AAC does not have counts for nothing. */
function aacTalk(
  payloadType: number,
  capabilities: VehicleCapabilities | undefined,
  heard: HeardSound | undefined,
): AacTalk | undefined {
  const sent = heard?.aac === 'raw' ? undefined : heard?.aac;
  const { audioSampleRate = 8000, audioChannels = 1, audioFrameLength = 0 } = capabilities ?? {};
  const track = sent ?? aacTrack(audioSampleRate, Math.min(audioChannels, 2)) ?? aacTrack(8000, 1);
  if (!track || track.channels > 2) return undefined;
  const { sampleRate, channels } = track;
  const usual = (sampleRate > 16_000 ? aacBits.above16k : aacBits.usual) * channels;
  const stated = Math.round((audioFrameLength * 8 * sampleRate) / aacFrameSamples);
  const isFine =
    audioFrameLength <= maxPayload - adtsHeaderBytes - hisiHeaderBytes &&
    stated >= aacBits.least * channels &&
    stated <= aacBits.most * channels;
  return {
    kind: 'aac',
    payloadType,
    terms: { sampleRate, channels, bitsPerSecond: isFine ? stated : usual },
    framing: heard?.aac === 'raw' ? 'raw' : 'adts',
    hisiHeader: heard?.hasHisiHeader ?? false,
  };
}

/** 20 ms where a packet of the terminal's length would not fit, else the longest that does. */
function fitting(payloadType: number, frameLength: number, hisiHeader: boolean, rate = 0): PacketTalk | undefined {
  for (const length of [frameLength, 0, maxPayload - hisiHeaderBytes]) {
    const sampleRate = rate > 0 && linear.includes(payloadType) ? { sampleRate: rate } : {};
    const encoder = createSoundEncoder(payloadType, { frameLength: length, hisiHeader, ...sampleRate });
    if (!encoder) return undefined;
    const sample = encoder.encode(new Int16Array(encoder.frameSamples));
    encoder.reset();
    if (sample.length <= maxPayload) return { kind: 'packets', payloadType, encoder };
  }
  return undefined;
}
