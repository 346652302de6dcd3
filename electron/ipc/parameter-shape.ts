import { z } from 'zod';
import { parameterTypes } from '../codec/jt808/body/parameter-type.ts';

const byte = z.int().min(0).max(0xff);
const word = z.int().min(0).max(0xffff);
const dword = z.int().min(0).max(0xffffffff);

/** Three counts and four bytes each within the 255 bytes that a parameter may have. */
const mostChannels = 63;

/** 1078-2016 table 3. */
const encoding = z.strictObject({
  mode: byte,
  resolution: byte,
  keyFrameInterval: z.int().min(1).max(1000),
  frameRate: z.int().min(1).max(120),
  bitRate: dword,
});
const video = z.strictObject({ live: encoding, storage: encoding, captions: word });
const entry = z.strictObject({
  physical: byte,
  logical: byte,
  kind: z.int().min(0).max(2),
  panTilt: z.int().min(0).max(1),
});
const hhmm = z.string().regex(/^([01]\d|2[0-3])[0-5]\d$/);

/** 1078-2016 tables 2 to 10. */
const videoShapes: Readonly<Record<number, z.ZodType>> = {
  0x0075: video.extend({ audio: z.int().min(0).max(1) }),
  0x0076: z
    .strictObject({ audioVideo: z.array(entry), audio: z.array(entry), video: z.array(entry) })
    .refine(table => table.audioVideo.length + table.audio.length + table.video.length <= mostChannels, {
      message: `at most ${mostChannels} channels fit the length of a parameter`,
    }),
  0x0077: z.array(video.extend({ channel: z.int().min(1).max(0xff) })).max(12),
  0x0079: z.strictObject({
    storagePercent: z.int().min(1).max(99),
    minutesAfter: z.int().min(1).max(0xff),
    minutesBefore: z.int().min(1).max(0xff),
  }),
  0x007a: dword,
  0x007b: z.strictObject({ passengers: byte, fatigue: byte }),
  0x007c: z.strictObject({
    modes: byte,
    conditions: byte,
    weekdays: z.int().min(0).max(0x7f),
    periodsOn: z.int().min(0).max(0x0f),
    periods: z.array(z.strictObject({ wake: hhmm, sleep: hhmm })).length(4),
  }),
};

const plainShapes: Readonly<Record<string, z.ZodType>> = {
  BYTE: byte,
  WORD: word,
  DWORD: dword,
  STRING: z.string().max(255),
};

/** What a value of this parameter must be, or undefined when only bytes can be given. */
export function parameterShape(id: number): z.ZodType | undefined {
  const row = (parameterTypes as Readonly<Record<number, { type: string }>>)[id];
  return videoShapes[id] ?? (row && plainShapes[row.type]);
}
