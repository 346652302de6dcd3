import type { AudioTrackInfo } from './init-segment.ts';

/** ISO/IEC 14496-3 table 1.18. */
const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Samples of an AAC-LC frame, of one channel. */
export const aacFrameSamples = 1024;

/** AudioSpecificConfig of AAC-LC: object type 2 in 5 bits, index of the rate in 4, channels in 4 (§1.6.2.1). */
export function aacTrack(sampleRate: number, channels: number): AudioTrackInfo | undefined {
  const index = rates.indexOf(sampleRate);
  if (index < 0 || channels < 1 || channels > 7) return undefined;
  const config = (2 << 11) | (index << 7) | (channels << 3);
  return { sampleRate, channels, description: Uint8Array.of(config >> 8, config & 0xff) };
}

function isAdts(bytes: Uint8Array, at: number): boolean {
  return bytes.length - at >= 7 && bytes[at] === 0xff && (bytes[at + 1]! & 0xf6) === 0xf0;
}

/** A frame without its ADTS header of 7 or 9 bytes, if it has one. */
export function withoutAdts(frame: Uint8Array): Uint8Array {
  return isAdts(frame, 0) ? frame.subarray((frame[1]! & 1) === 1 ? 7 : 9) : frame;
}

/**
 * The AAC frames of one packet of ADTS (ISO/IEC 14496-3 §1.A.3.2), and their track.
 * @returns undefined when the packet is none, or is cut short
 */
export function adtsFrames(packet: Uint8Array): { track: AudioTrackInfo; frames: Uint8Array[] } | undefined {
  if (!isAdts(packet, 0)) return undefined;
  const channels = ((packet[2]! & 1) << 2) | (packet[3]! >> 6);
  const track = aacTrack(rates[(packet[2]! >> 2) & 15] ?? 0, channels);
  if (!track) return undefined;
  const frames: Uint8Array[] = [];
  for (let at = 0; at < packet.length; ) {
    if (!isAdts(packet, at)) return undefined;
    const length = ((packet[at + 3]! & 3) << 11) | (packet[at + 4]! << 3) | (packet[at + 5]! >> 5);
    if (length < 7 || at + length > packet.length) return undefined;
    frames.push(withoutAdts(packet.subarray(at, at + length)));
    at += length;
  }
  return { track, frames };
}
