import { type AacTrack, aacFrameSamples, aacFrames } from '../../electron/codec/audio/adts.ts';
import { withoutHisiHeader } from '../../electron/codec/audio/hisi-header.ts';
import type { SoundBlock } from './jitter-buffer.ts';
import type { CodedPacket, PacketDecoder, SoundFacts } from './packet-decoder.ts';

/** What 0x1003 would say of AAC where it says nothing. */
const usual = { sampleRate: 8000, channels: 1 };
/** Frames waiting for the decoder; more means that it has hung. */
const maxQueue = 32;

/** AAC, in ADTS or bare, through the browser's own decoder; made anew when it fails or the track changes. */
export class AacDecoder implements PacketDecoder {
  readonly #name: string;
  readonly #stated: { sampleRate: number; channels: number };
  readonly #block: (block: SoundBlock) => void;
  #decoder: AudioDecoder | undefined;
  #track: AacTrack | undefined;

  static isThere(): boolean {
    return typeof AudioDecoder !== 'undefined';
  }

  constructor(name: string, facts: SoundFacts, block: (block: SoundBlock) => void) {
    this.#name = name;
    this.#stated = facts.stated ?? usual;
    this.#block = block;
  }

  get reading(): string {
    const track = this.#track;
    return track ? `${this.#name} ${track.sampleRate} Hz` : this.#name;
  }

  decode({ ptsMs, data }: CodedPacket): boolean {
    const found = aacFrames(withoutHisiHeader(data), this.#stated);
    if (!found) return false;
    const decoder = this.#decoderFor(found.track);
    if (!decoder || decoder.decodeQueueSize > maxQueue) return false;
    const frameMs = (aacFrameSamples * 1000) / found.track.sampleRate;
    try {
      for (const [i, frame] of found.frames.entries())
        decoder.decode(
          new EncodedAudioChunk({
            type: 'key',
            timestamp: Math.round((ptsMs + i * frameMs) * 1000),
            data: frame as Uint8Array<ArrayBuffer>,
          }),
        );
      return true;
    } catch {
      this.close();
      return false;
    }
  }

  close(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }

  #decoderFor(track: AacTrack): AudioDecoder | undefined {
    const old = this.#track;
    if (this.#decoder && old?.sampleRate === track.sampleRate && old.channels === track.channels) return this.#decoder;
    this.close();
    this.#track = track;
    const decoder: AudioDecoder = new AudioDecoder({
      output: decoded => {
        if (decoder === this.#decoder) this.#block(blockOf(decoded));
        decoded.close();
      },
      error: () => {
        if (decoder === this.#decoder) this.#decoder = undefined;
      },
    });
    try {
      decoder.configure({
        codec: 'mp4a.40.2',
        sampleRate: track.sampleRate,
        numberOfChannels: track.channels,
        description: track.description,
      });
    } catch {
      return undefined;
    }
    this.#decoder = decoder;
    return decoder;
  }
}

function blockOf(decoded: AudioData): SoundBlock {
  const { numberOfFrames, numberOfChannels, sampleRate, timestamp } = decoded;
  const samples = new Float32Array(numberOfFrames);
  const plane = new Float32Array(numberOfFrames);
  for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex++) {
    decoded.copyTo(plane, { planeIndex, format: 'f32-planar' });
    for (let at = 0; at < numberOfFrames; at++) samples[at]! += plane[at]! / numberOfChannels;
  }
  return { ptsMs: timestamp / 1000, sampleRate, samples };
}
