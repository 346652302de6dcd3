import { playbackCommand, playbackMode, playbackSpeed } from '../../codec/jt808/body/playback.ts';
import { type Resource, resourceMedia, resourceStorage, resourceStream } from '../../codec/jt808/body/resource-list.ts';
import type {
  PlaybackControl,
  PlaybackMode,
  PlaybackSpeed,
  Storage,
  StoredFile,
  StoredMedia,
  StoredStream,
} from '../../contract.ts';

/** Words of the contract → numbers of 1078-2016 tables 21 to 25. */
export const mediaCode = resourceMedia satisfies Record<StoredMedia, number>;
export const streamCode = resourceStream satisfies Record<StoredStream, number>;
export const storageCode = resourceStorage satisfies Record<Storage, number>;

export const modeCode: Record<PlaybackMode, number> = {
  normal: playbackMode.normal,
  fast: playbackMode.fast,
  keyRewind: playbackMode.keyFramesBack,
  keyPlay: playbackMode.keyFrames,
};

export const controlCode: Record<PlaybackControl, number> = {
  resume: playbackCommand.start,
  pause: playbackCommand.pause,
  stop: playbackCommand.stop,
  fast: playbackCommand.fast,
  keyRewind: playbackCommand.keyFramesBack,
  drag: playbackCommand.drag,
  keyPlay: playbackCommand.keyFrames,
};

const speedCodes: Record<PlaybackSpeed, number> = {
  1: playbackSpeed.x1,
  2: playbackSpeed.x2,
  4: playbackSpeed.x4,
  8: playbackSpeed.x8,
  16: playbackSpeed.x16,
};

/** The speed counts for `fast` and `keyRewind`; with anything else it is 0. */
export function speedCode(how: PlaybackMode | PlaybackControl, speed: PlaybackSpeed): number {
  return how === 'fast' || how === 'keyRewind' ? speedCodes[speed] : playbackSpeed.none;
}

/** Undefined for a recording without a time: it can be neither shown nor asked for. Devices number what they do not know. */
export function storedFile(resource: Resource): StoredFile | undefined {
  const { channel, start, end, alarms, videoAlarms, bytes } = resource;
  if (start === 0 || end <= start) return undefined;
  return {
    channel,
    from: start,
    to: end,
    media: wordOf(mediaCode, resource.media) ?? 'audioVideo',
    stream: wordOf(streamCode, resource.stream) ?? 'any',
    storage: wordOf(storageCode, resource.storage) ?? 'any',
    alarms,
    videoAlarms,
    bytes,
  };
}

function wordOf<Word extends string>(codes: Record<Word, number>, code: number): Word | undefined {
  return (Object.keys(codes) as Word[]).find(word => codes[word] === code);
}
