import { z } from 'zod';
import {
  playbackControls,
  playbackModes,
  playbackSpeeds,
  storages,
  storedMedia,
  storedStreams,
  streamKinds,
} from '../contract.ts';
import { channel, vehicleId } from './record-schema.ts';

/** What the BCD of a search can say: 2000 to 2099, ms since 1970. */
export const storedTime = z.number().min(946_684_800_000).max(4_102_444_800_000);
const time = storedTime;
const endTime = z.union([z.literal(0), time]);
/** A word of alarm bits. */
export const alarmBits = z.int().min(0).max(0xffffffff);
const speed = z.literal(playbackSpeeds);
const jobId = z.string().min(1).max(64);
export const storedKind = {
  media: z.enum(storedMedia).exactOptional(),
  stream: z.enum(storedStreams).exactOptional(),
  storage: z.enum(storages).exactOptional(),
};

/** Arguments of the methods about what lies on vehicles. @param maxCredits what a console may ask for at once */
export function storageArgs(maxCredits: number) {
  return {
    'storage.list': z.object({
      vehicleId,
      channel: z.int().min(0).max(255),
      from: time,
      to: time,
      ...storedKind,
      alarms: alarmBits.exactOptional(),
      videoAlarms: alarmBits.exactOptional(),
      refresh: z.boolean().exactOptional(),
    }),
    'playback.open': z.object({
      vehicleId,
      channel,
      from: time,
      to: endTime,
      ...storedKind,
      mode: z.enum(playbackModes).exactOptional(),
      speed: speed.exactOptional(),
      credits: z.int().min(0).max(maxCredits),
    }),
    'playback.listen': z.object({ playback: jobId }),
    'playback.control': z.object({
      playback: jobId,
      control: z.enum(playbackControls),
      speed: speed.exactOptional(),
      at: time.exactOptional(),
    }),
    'storage.fetch': z.object({
      vehicleId,
      channel,
      from: time,
      to: time,
      stream: z.enum(streamKinds).exactOptional(),
      storage: z.enum(storages).exactOptional(),
      speed: speed.exactOptional(),
    }),
    'storage.fetchControl': z.object({ id: jobId, control: z.enum(['pause', 'resume', 'cancel', 'dismiss']) }),
  };
}
