import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { AudioConfig, MediaPacket, VideoConfig } from './segment-reader.ts';

/** What an export writes of one unbroken stretch. */
export interface ExportFileParts {
  readonly path: string;
  readonly title: string;
  /** Wall clock of its first shown frame. */
  readonly at: number;
  readonly video: VideoConfig;
  readonly audio: AudioConfig | undefined;
  /** What it may come to: room for the list of so many is left at the beginning. */
  readonly most: { readonly pictures: number; readonly seconds: number };
}

/** Room beyond what the catalogue says: a file that was still written has more by now. */
const spare = (count: number) => Math.ceil(count * 1.25) + 1000;
/** AAC-LC (ISO/IEC 14496-3 §4.5.1.1); a low-delay packet has less, and is counted as two. */
const samplesOfAPacket = 480;

/**
 * A plain MP4 with one `moov` before the pictures, so that it plays while it is still fetched. Packets before time 0 are the key frame and what leads from it to the first frame
 * that is shown: they are in the file, and its edit list (ISO/IEC 14496-12 §8.6.6) begins behind them.
 */
export class ExportFile {
  readonly path: string;
  readonly video: VideoConfig;
  readonly audio: AudioConfig | undefined;
  readonly at: number;
  /** Pictures that are shown, and those before them that a decoder needs. */
  frames = 0;
  leadFrames = 0;
  /** Seconds, of video, from the first shown frame. */
  duration = 0;
  readonly #output: Output<Mp4OutputFormat, FilePathTarget>;
  readonly #videoSource: EncodedVideoPacketSource;
  readonly #audioSource: EncodedAudioPacketSource | undefined;
  #videoConfig: { decoderConfig: VideoDecoderConfig } | undefined;
  #audioConfig: { decoderConfig: AudioDecoderConfig } | undefined;
  #audioEnd = Number.NEGATIVE_INFINITY;

  constructor({ path, title, at, video, audio, most }: ExportFileParts) {
    this.path = path;
    this.at = at;
    this.video = video;
    this.audio = audio;
    this.#output = new Output({
      format: new Mp4OutputFormat({ fastStart: 'reserve' }),
      target: new FilePathTarget(path, { chunkSize: 1 << 20 }),
    });
    this.#videoSource = new EncodedVideoPacketSource(video.codec);
    this.#videoConfig = { decoderConfig: video.decoder };
    this.#output.addVideoTrack(this.#videoSource, { maximumPacketCount: spare(most.pictures) });
    if (audio) {
      this.#audioSource = new EncodedAudioPacketSource(audio.codec);
      this.#audioConfig = { decoderConfig: audio.decoder };
      const packets = (most.seconds * audio.decoder.sampleRate) / samplesOfAPacket;
      this.#output.addAudioTrack(this.#audioSource, { maximumPacketCount: spare(packets) });
    }
    this.#output.setMetadataTags({ title, date: new Date(at) });
  }

  /** @throws the file system's error */
  async start(): Promise<void> {
    await this.#output.start();
  }

  /**
   * @param shift seconds from the packet's media time to that of this file
   * @throws the file system's error
   */
  async add({ kind, packet }: MediaPacket, shift: number): Promise<void> {
    const time = packet.timestamp + shift;
    if (kind === 'audio') {
      // A packet that began before the cut belongs to the piece before it, where there is one.
      if (!this.#audioSource || time + packet.duration <= 0 || time < this.#audioEnd - packet.duration / 2) return;
      this.#audioEnd = time + packet.duration;
      const config = this.#audioConfig;
      this.#audioConfig = undefined;
      await this.#audioSource.add(moved(packet, time), config);
      return;
    }
    const config = this.#videoConfig;
    this.#videoConfig = undefined;
    if (time < -0.0005) this.leadFrames++;
    else {
      this.frames++;
      this.duration = Math.max(this.duration, time + packet.duration);
    }
    await this.#videoSource.add(moved(packet, time), config);
  }

  /** @throws the file system's error */
  async finish(): Promise<void> {
    await this.#output.finalize();
  }

  /** Gives the file up; what was written of it stays for the caller to remove. */
  async abandon(): Promise<void> {
    await this.#output.cancel();
  }
}

function moved(packet: EncodedPacket, time: number): EncodedPacket {
  return new EncodedPacket(packet.data, packet.type, Math.abs(time) < 0.0005 ? 0 : time, packet.duration);
}
