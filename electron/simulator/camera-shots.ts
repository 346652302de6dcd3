import { type CameraShot, type CameraShotReply, shotCommand, shotResult } from '../codec/jt808/body/camera-shot.ts';
import type { Location } from '../codec/jt808/body/location.ts';
import {
  type MultimediaData,
  multimediaEvent,
  multimediaFormat,
  multimediaType,
} from '../codec/jt808/body/multimedia.ts';

/** Pictures of one request. */
const maxPictures = 10;

export interface CameraShotsOptions {
  readonly channels: number;
  /** A JPEG of what the camera sees. */
  picture(channel: number): Uint8Array;
  location(): Location;
}

/** Pictures that a simulated terminal takes when it is asked to. */
export class CameraShots {
  readonly #options: CameraShotsOptions;
  #lastId = 0;

  constructor(options: CameraShotsOptions) {
    this.#options = options;
  }

  take(shot: CameraShot, replySerial: number): { reply: CameraShotReply; pictures: MultimediaData[] } {
    const { channels, picture, location } = this.#options;
    const refuse = (result: number) => ({ reply: { replySerial, result, mediaIds: [] }, pictures: [] });
    if (shot.channel < 1 || shot.channel > channels) return refuse(shotResult.unsupportedChannel);
    if (shot.command === shotCommand.record) return refuse(shotResult.failed);
    const count = Math.min(shot.command, maxPictures);
    const pictures = Array.from({ length: count }, () => ({
      mediaId: ++this.#lastId,
      type: multimediaType.image,
      format: multimediaFormat.jpeg,
      event: multimediaEvent.platform,
      channel: shot.channel,
      location: { ...location(), items: [] },
      data: picture(shot.channel),
    }));
    const mediaIds = pictures.map(each => each.mediaId);
    return { reply: { replySerial, result: shotResult.ok, mediaIds }, pictures: shot.isKept ? [] : pictures };
  }
}
