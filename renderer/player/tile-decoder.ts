import type { VideoCodec } from '../../electron/contract.ts';
import { hasBSlice, KeyUnits } from './access-unit.ts';
import type { MediaFrame } from './engine.ts';

/** Frames unless said otherwise. */
export const decoderLimits = {
  /** Live frames waiting for the decoder, after which it is behind for good: on to the next key frame. */
  staleQueue: 40,
  /** Errors after which software decoding is asked for: hardware decoders are stricter than FFmpeg's. */
  errorsToSoftware: 3,
  /** Errors without one picture between, after which the stream counts as undecodable here. */
  maxErrors: 6,
  /** Between pictures shown while catching up (ms). */
  catchUpEvery: 33,
} as const;

export interface TileDecoderListener {
  /** The taker closes the picture. `live` is false on the way to the newest frame. */
  picture(picture: VideoFrame, live: boolean): void;
  /** The decoder is gone; nothing but a key frame helps. */
  lost(): void;
  unfit(): void;
}

/** One stream's VideoDecoder, made anew at the next key frame whenever it breaks. Timestamps are whole µs. */
export class TileDecoder {
  rebuilds = 0;
  readonly units = new KeyUnits();
  readonly #listener: TileDecoderListener;
  #decoder: VideoDecoder | undefined;
  #spsId = '';
  #codec: VideoCodec = 'h264';
  #errors = 0;
  #software = false;
  #reordered = false;
  /** Pictures up to this timestamp are on the way to the newest one. */
  #pastUntil = -1;

  constructor(listener: TileDecoderListener) {
    this.#listener = listener;
  }

  setCodec(codec: VideoCodec): void {
    if (codec === this.#codec) return;
    this.#codec = codec;
    this.#drop();
  }

  /** False: the frame was dropped and the next one must be a key frame. */
  decode(frame: MediaFrame, timestamp: number, catchUp: boolean): boolean {
    const data = frame.key ? this.#keyData(frame.data) : this.#otherData(frame.data);
    const decoder = this.#decoder;
    if (!data || !decoder) return false;
    if (catchUp) this.#pastUntil = timestamp;
    else if (decoder.decodeQueueSize > decoderLimits.staleQueue) return false;
    try {
      decoder.decode(new EncodedVideoChunk({ type: frame.key ? 'key' : 'delta', timestamp, data }));
      return true;
    } catch {
      this.#failed(decoder);
      return false;
    }
  }

  close(): void {
    this.#drop();
  }

  #keyData(frame: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    const unit = this.units.prepare(frame, this.#codec);
    if (!unit) return undefined;
    if (!this.#decoder || unit.spsId !== this.#spsId) {
      this.#drop();
      this.#spsId = unit.spsId;
      this.#decoder = this.#make(unit.codec);
    }
    return unit.data;
  }

  #otherData(frame: Uint8Array): Uint8Array<ArrayBuffer> {
    if (!this.#reordered && this.#codec === 'h264' && hasBSlice(frame)) {
      this.#reordered = true;
      this.units.stopRewriting();
      this.#spsId = '';
    }
    return frame as Uint8Array<ArrayBuffer>;
  }

  #make(codec: string): VideoDecoder | undefined {
    const decoder: VideoDecoder = new VideoDecoder({
      output: picture => {
        if (decoder !== this.#decoder) {
          picture.close();
          return;
        }
        this.#errors = 0;
        this.#listener.picture(picture, picture.timestamp > this.#pastUntil);
      },
      error: () => this.#failed(decoder),
    });
    try {
      decoder.configure({
        codec,
        optimizeForLatency: true,
        hardwareAcceleration: this.#software ? 'prefer-software' : 'no-preference',
      });
    } catch {
      this.#failed(decoder);
      return undefined;
    }
    return decoder;
  }

  #failed(decoder: VideoDecoder): void {
    if (this.#decoder !== undefined && decoder !== this.#decoder) return;
    this.#drop();
    this.rebuilds += 1;
    this.#errors += 1;
    if (this.#errors >= decoderLimits.errorsToSoftware) this.#software = true;
    if (this.#errors === decoderLimits.maxErrors) this.#listener.unfit();
    this.#listener.lost();
  }

  #drop(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    this.#pastUntil = -1;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}
