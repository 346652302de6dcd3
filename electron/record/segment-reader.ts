import { type EncodedPacket, EncodedPacketSink, FilePathSource, Input, type InputTrack, MP4 } from 'mediabunny';

/** What a track's decoder must know; equal keys may follow each other in one track of a file. */
export interface TrackConfig<Config> {
  readonly codec: string;
  readonly decoder: Config;
  readonly key: string;
}

export interface VideoConfig extends TrackConfig<VideoDecoderConfig> {
  readonly codec: 'avc' | 'hevc';
}

export interface AudioConfig extends TrackConfig<AudioDecoderConfig> {
  readonly codec: 'aac';
}

/** A packet of either track; times in seconds of the file's media time. */
export interface MediaPacket {
  readonly kind: 'video' | 'audio';
  readonly packet: EncodedPacket;
}

/** Devices stamp in whole milliseconds; half of one tells two frames apart whatever the time scale rounds to. */
const toleranceSeconds = 0.0005;
/** Pictures are sent before so many at most that are shown earlier (H.264 annex A.3.1, H.265 annex A.4.2: 16 are kept). */
const mostReordered = 16;

/** Reads the packets of one recorded file, also of one that is still written or was cut off. */
export class SegmentReader {
  readonly video: VideoConfig;
  readonly audio: AudioConfig | undefined;
  readonly #input: Input;
  readonly #videoSink: EncodedPacketSink;
  readonly #audioSink: EncodedPacketSink | undefined;
  /** A read failed: what came before it was handed out. */
  cutShort = false;

  private constructor(
    input: Input,
    video: { config: VideoConfig; sink: EncodedPacketSink },
    audio: { config: AudioConfig; sink: EncodedPacketSink } | undefined,
  ) {
    this.#input = input;
    this.video = video.config;
    this.#videoSink = video.sink;
    this.audio = audio?.config;
    this.#audioSink = audio?.sink;
  }

  /** @throws what the file system or the demuxer says of a file that cannot be read at all */
  static async open(path: string): Promise<SegmentReader> {
    const input = new Input({ source: new FilePathSource(path), formats: [MP4] });
    try {
      const videoTrack = await input.getPrimaryVideoTrack();
      const audioTrack = await input.getPrimaryAudioTrack();
      const videoCodec = await videoTrack?.getCodec();
      const decoder = await videoTrack?.getDecoderConfig();
      if (!videoTrack || !decoder || (videoCodec !== 'avc' && videoCodec !== 'hevc'))
        throw new Error(`no H.264 or H.265 in ${path}`);
      const audioCodec = await audioTrack?.getCodec();
      const audioDecoder = await audioTrack?.getDecoderConfig();
      return new SegmentReader(
        input,
        { config: { codec: videoCodec, decoder, key: keyOf(decoder) }, sink: sinkOf(videoTrack) },
        audioTrack && audioDecoder && audioCodec === 'aac'
          ? { config: { codec: 'aac', decoder: audioDecoder, key: keyOf(audioDecoder) }, sink: sinkOf(audioTrack) }
          : undefined,
      );
    } catch (thrown) {
      input.dispose();
      throw thrown;
    }
  }

  /** Media time in seconds of the first frame shown at or after `fromMs`; undefined when the file ends before it. */
  async firstFrame(fromMs: number): Promise<number | undefined> {
    const from = fromMs / 1000 - toleranceSeconds;
    let first: number | undefined;
    let later = 0;
    for await (const { timestamp, type } of this.#packets(this.#videoSink, from)) {
      if (first !== undefined && (type === 'key' || later++ >= mostReordered)) break;
      if (timestamp >= from && !(first !== undefined && first <= timestamp)) first = timestamp;
    }
    return first;
  }

  /**
   * Packets of both tracks in the order of their time up to `toMs`; video from the last key frame at or before `from`
   * seconds, audio from the packet that sounds then. Pictures come in the order of decoding; those to which the last B pictures
   * refer come as well, though they are shown later.
   */
  async *packets(from: number, toMs: number): AsyncGenerator<MediaPacket> {
    const to = toMs / 1000 - toleranceSeconds;
    const video = shownBefore(this.#packets(this.#videoSink, from), to);
    const audio = this.#audioSink && this.#packets(this.#audioSink, from);
    let picture = await next(video);
    let sound = audio && (await nextBefore(audio, to));
    while (picture || sound) {
      if (picture && (!sound || picture.timestamp <= sound.timestamp)) {
        yield { kind: 'video', packet: picture };
        picture = await next(video);
      } else if (sound) {
        yield { kind: 'audio', packet: sound };
        sound = audio && (await nextBefore(audio, to));
      }
    }
  }

  close(): void {
    this.#input.dispose();
  }

  async *#packets(sink: EncodedPacketSink, from: number): AsyncGenerator<EncodedPacket> {
    try {
      let packet = (await sink.getKeyPacket(from + toleranceSeconds)) ?? (await sink.getFirstKeyPacket());
      while (packet) {
        yield packet;
        packet = await sink.getNextPacket(packet);
      }
    } catch {
      this.cutShort = true;
    }
  }
}

async function next(packets: AsyncGenerator<EncodedPacket>): Promise<EncodedPacket | undefined> {
  const { value, done } = await packets.next();
  return done ? undefined : value;
}

/** Up to the last one that is shown before `to`, as far as one can be sent after those that are shown later. */
async function* shownBefore(packets: AsyncGenerator<EncodedPacket>, to: number): AsyncGenerator<EncodedPacket> {
  let later: EncodedPacket[] = [];
  for await (const packet of packets) {
    if (packet.timestamp < to) {
      yield* later;
      later = [];
      yield packet;
    } else if (packet.type === 'key' || later.push(packet) >= mostReordered) return;
  }
}

async function nextBefore(packets: AsyncGenerator<EncodedPacket>, to: number): Promise<EncodedPacket | undefined> {
  const { value, done } = await packets.next();
  return done || value.timestamp >= to ? undefined : value;
}

function sinkOf(track: InputTrack): EncodedPacketSink {
  return new EncodedPacketSink(track);
}

function keyOf(config: VideoDecoderConfig | AudioDecoderConfig): string {
  const { description, ...rest } = config;
  const bytes = description
    ? Buffer.from(
        ArrayBuffer.isView(description)
          ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
          : new Uint8Array(description as ArrayBuffer),
      )
    : Buffer.alloc(0);
  return `${JSON.stringify(rest)} ${bytes.toString('hex')}`;
}
