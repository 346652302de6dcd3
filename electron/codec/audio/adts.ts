/** ISO/IEC 14496-3 table 1.18. */
const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Of a header without a checksum. */
export const adtsHeaderBytes = 7;

/** Samples of an AAC-LC frame, of one channel. */
export const aacFrameSamples = 1024;

/** What a decoder, or a file's track, has to know of AAC. */
export interface AacTrack {
  /** Hz; also the ticks a second of a track in a file. */
  readonly sampleRate: number;
  readonly channels: number;
  /** AudioSpecificConfig of ISO/IEC 14496-3 §1.6.2.1. */
  readonly description: Uint8Array<ArrayBuffer>;
}

/** AudioSpecificConfig of AAC-LC: object type 2 in 5 bits, index of the rate in 4, channels in 4 (§1.6.2.1). */
export function aacTrack(sampleRate: number, channels: number): AacTrack | undefined {
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
 * A bare frame of AAC-LC with its ADTS header: MPEG-4, no checksum, one raw data block (ISO/IEC 14496-3 §1.A.3.2).
 * @param track of a rate that the table has
 */
export function withAdts(
  frame: Uint8Array,
  { sampleRate, channels }: Pick<AacTrack, 'sampleRate' | 'channels'>,
): Uint8Array<ArrayBuffer> {
  const length = adtsHeaderBytes + frame.length;
  const bytes = new Uint8Array(length);
  // Syncword, then layer 0 and no checksum; profile 1 (LC), rate, channels; length; buffer fullness 0x7ff; one block.
  bytes.set([
    0xff,
    0xf1,
    (1 << 6) | (rates.indexOf(sampleRate) << 2) | (channels >> 2),
    ((channels & 3) << 6) | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
  bytes.set(frame, adtsHeaderBytes);
  return bytes;
}

/**
 * The AAC frames of one packet of ADTS (ISO/IEC 14496-3 §1.A.3.2), and their track.
 * @returns undefined when the packet is none, or is cut short
 */
export function adtsFrames(packet: Uint8Array): { track: AacTrack; frames: Uint8Array[] } | undefined {
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

/**
 * The AAC frames of one packet, be it ADTS or a bare access unit, with or without the header of HiSilicon recorders (to be
 * taken off before). A bare one does not say what it is: that is what 0x1003 has of rate and channels.
 * @returns undefined when it cannot be AAC
 */
export function aacFrames(
  packet: Uint8Array,
  stated: { readonly sampleRate: number; readonly channels: number },
): { track: AacTrack; frames: Uint8Array[] } | undefined {
  if (isAdts(packet, 0)) return adtsFrames(packet);
  const track = aacTrack(stated.sampleRate, stated.channels);
  if (!track || packet.length < 2 || !isRawBlock(packet)) return undefined;
  return { track, frames: [packet] };
}

/** A raw data block begins with a single channel element (0), a pair (1), a data stream (4) or a fill element (6) (§4.4.2.1). */
function isRawBlock(packet: Uint8Array): boolean {
  return [0, 1, 4, 6].includes(packet[0]! >> 5);
}
