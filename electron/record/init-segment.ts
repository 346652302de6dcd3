import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  NullTarget,
  Output,
} from 'mediabunny';
import type { AacTrack } from '../codec/audio/adts.ts';
import { nalType } from '../frames/nal.ts';
import type { StartInfo } from '../hub/subscriber.ts';
import { codecString } from './codec-string.ts';
import { isUnreadable } from './same-sequence.ts';
import type { SegmentNaming } from './segment-name.ts';

/** Ticks a second of the video track: device times are milliseconds. */
export const videoTimescale = 1000;

/** Numbers of the tracks in every file. */
export const videoTrack = 1;
export const audioTrack = 2;

/** What the file itself says of its origin, so that a lost catalogue can be rebuilt: the comment tag, as JSON. */
export interface SegmentOrigin extends SegmentNaming {
  readonly headerId: string;
}

export interface InitSegment {
  /** `ftyp` and `moov`. */
  readonly bytes: Uint8Array;
  readonly mime: string;
}

/** @returns undefined for codecs that MP4 does not carry, and where the SPS is missing or cut short */
export async function makeInitSegment(
  start: StartInfo,
  audio: AacTrack | undefined,
  origin: SegmentOrigin,
): Promise<InitSegment | undefined> {
  const sps = start.parameterSets.find(set => nalType(set[0] ?? 0, start.codec) === (start.codec === 'h265' ? 33 : 7));
  const codec = sps && codecString(sps, start.codec);
  if (!codec || isUnreadable(start)) return undefined;
  const parts: Uint8Array[] = [];
  const output = new Output({
    format: new Mp4OutputFormat({
      fastStart: 'fragmented',
      onFtyp: data => parts.push(data.slice()),
      onMoov: data => parts.push(data.slice()),
    }),
    target: new NullTarget(),
  });
  const video = new EncodedVideoPacketSource(start.codec === 'h265' ? 'hevc' : 'avc');
  const primingPacket = new EncodedPacket(annexB(start.parameterSets), 'key', 0, 0);
  output.addVideoTrack(video, {
    frameRate: videoTimescale,
    primingPacket,
    decoderConfig: { codec, codedWidth: start.width, codedHeight: start.height },
  });
  if (audio) output.addAudioTrack(new EncodedAudioPacketSource('aac'), { decoderConfig: audioConfig(audio) });
  output.setMetadataTags({ date: new Date(origin.from), comment: JSON.stringify(origin) });
  await output.start();
  const mime = await output.getMimeType();
  await output.finalize();
  return { bytes: Buffer.concat(parts), mime };
}

function audioConfig(audio: AacTrack): AudioDecoderConfig {
  const { sampleRate, channels, description } = audio;
  return { codec: 'mp4a.40.2', sampleRate, numberOfChannels: channels, description };
}

function annexB(sets: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(sets.flatMap(set => [Uint8Array.of(0, 0, 0, 1), set]));
}
