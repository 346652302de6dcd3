import { createSoundEncoder, type SoundEncoder } from '../../codec/audio/encoder.ts';
import { hisiHeaderBytes, withoutHisiHeader } from '../../codec/audio/hisi-header.ts';
import type { VehicleCapabilities } from '../../contract.ts';
import type { AudioPacket } from '../../frames/frame.ts';

/** 1078-2016 table 19: what one packet may carry. */
export const maxPayload = 950;
const g711a = 6;
/** Codings whose rate is the terminal's to choose: linear PCM. */
const linear: readonly number[] = [15, 16, 18, 22, 23];

/** What a terminal itself sends, as a hint of what it plays. */
export interface HeardSound {
  readonly payloadType: number;
  /** Of one packet, without the header of HiSilicon recorders. */
  readonly bytes: number;
  readonly hasHisiHeader: boolean;
}

export function heardSound({ payloadType, data }: AudioPacket): HeardSound {
  const bare = withoutHisiHeader(data);
  return { payloadType, bytes: bare.length, hasHisiHeader: bare.length < data.length };
}

export interface TalkSound {
  readonly payloadType: number;
  readonly encoder: SoundEncoder;
}

/**
 * How a terminal is spoken to: in the coding and frame length of its 0x1003 (an ES500 says 80 bytes, 10 ms, and plays nothing
 * else), else in those of its own sound, else in G.711 A-law of 20 ms. The header of HiSilicon recorders goes before each packet
 * of a terminal that sends it.
 * @returns undefined when neither what it says nor what it sends can be made here
 */
export function talkSound(
  capabilities: VehicleCapabilities | undefined,
  heard: HeardSound | undefined,
): TalkSound | undefined {
  const hisiHeader = heard?.hasHisiHeader ?? false;
  if (capabilities) {
    const { audioPayloadType, audioFrameLength, audioSampleRate } = capabilities;
    const made = fitting(audioPayloadType, audioFrameLength, hisiHeader, audioSampleRate);
    if (made) return made;
  }
  if (heard) return fitting(heard.payloadType, heard.bytes, hisiHeader);
  return capabilities ? undefined : fitting(g711a, 0, hisiHeader);
}

/** 20 ms where a packet of the terminal's length would not fit, else the longest that does. */
function fitting(payloadType: number, frameLength: number, hisiHeader: boolean, rate = 0): TalkSound | undefined {
  for (const length of [frameLength, 0, maxPayload - hisiHeaderBytes]) {
    const sampleRate = rate > 0 && linear.includes(payloadType) ? { sampleRate: rate } : {};
    const encoder = createSoundEncoder(payloadType, { frameLength: length, hisiHeader, ...sampleRate });
    if (!encoder) return undefined;
    const sample = encoder.encode(new Int16Array(encoder.frameSamples));
    encoder.reset();
    if (sample.length <= maxPayload) return { payloadType, encoder };
  }
  return undefined;
}
