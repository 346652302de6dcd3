import type { PictureTarget } from './decode-messages.ts';

/** Takes decoded pictures and closes them. */
export interface PictureSink {
  /** False: refused, since those before it are not shown yet; the picture is closed all the same. */
  write(picture: VideoFrame): boolean;
  close(): void;
}

/** Pictures on their way into a track; more than this means that nobody looks. */
const maxInFlight = 3;

export function pictureSink(target: PictureTarget): PictureSink {
  return 'track' in target ? new TrackSink(target.track) : new CanvasSink(target.canvas);
}

class TrackSink implements PictureSink {
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  #inFlight = 0;

  constructor(track: WritableStream<VideoFrame>) {
    this.#writer = track.getWriter();
  }

  write(picture: VideoFrame): boolean {
    if (this.#inFlight >= maxInFlight) {
      picture.close();
      return false;
    }
    this.#inFlight += 1;
    this.#writer.write(picture).then(this.#landed, () => {
      picture.close();
      this.#landed();
    });
    return true;
  }

  readonly #landed = (): void => {
    this.#inFlight -= 1;
  };

  close(): void {
    this.#writer.close().catch(() => undefined);
  }
}

class CanvasSink implements PictureSink {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D | null;

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false, desynchronized: true });
  }

  write(picture: VideoFrame): boolean {
    if (this.#canvas.width !== picture.displayWidth) this.#canvas.width = picture.displayWidth;
    if (this.#canvas.height !== picture.displayHeight) this.#canvas.height = picture.displayHeight;
    this.#context?.drawImage(picture, 0, 0);
    picture.close();
    return true;
  }

  close(): void {
    this.#canvas.width = 0;
  }
}
