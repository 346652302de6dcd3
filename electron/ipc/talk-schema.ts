import { z } from 'zod';
import { talkModes } from '../contract.ts';
import { channel, maxCredits, nothing, vehicleId } from './record-schema.ts';

/** A second of the microphone in one message is more than any console gathers. */
const maxSamples = 8000;
/** The setting `maxTalkVehicles` may allow fewer. */
const maxVehicles = 2000;
/** 1024 bytes of GBK go into 0x8300: as many characters at most. */
const maxText = 1024;

const vehicleIds = z.array(vehicleId).min(1).max(maxVehicles);
const flag = z.boolean().exactOptional();

export const talkArgs = {
  'talk.open': z.object({ vehicleIds, channel, mode: z.enum(talkModes), credits: z.int().min(0).max(maxCredits) }),
  'talk.close': z.object({ talk: z.int().min(1) }),
  'talk.list': nothing,
  'text.send': z.object({
    vehicleIds,
    text: z.string().min(1).max(maxText),
    urgent: flag,
    terminalDisplay: flag,
    tts: flag,
    advertisement: flag,
  }),
};

const samples = z
  .instanceof(Int16Array)
  .refine(data => data.length > 0 && data.length <= maxSamples, `1 to ${maxSamples} samples`);

export const talkUpSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sound'), data: samples }),
  z.object({ type: z.literal('speak'), on: z.boolean() }),
  z.object({ type: z.literal('credit'), frames: z.int().min(1).max(maxCredits) }),
  z.object({ type: z.literal('close') }),
]);
