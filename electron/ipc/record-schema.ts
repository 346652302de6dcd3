import { z } from 'zod';
import { streamKinds } from '../contract.ts';

/** A phone of 20 digits is the longest that a header carries; the rest is room for separators of a careless client. */
export const vehicleId = z.string().min(1).max(40);
export const channel = z.int().min(1).max(255);
export const nothing = z.object({});
/** What a console may ask for at once; more is granted as frames are shown. */
export const maxCredits = 10_000;
/** What a console asks for together: a wall shows 16, an archive 9, an export what a person picks. */
const maxCameras = 64;
const maxNote = 2000;

/** ms since 1970, to the end of what a date can be. */
const time = z.number().min(0).max(8_640_000_000_000_000);
const id = z.int().min(0);
export const camera = z.object({ vehicleId, channel, stream: z.enum(streamKinds) });
const cameras = z.array(camera).max(maxCameras);
const jobId = z.string().min(1).max(64);
/** A vehicle's id, `group:<name>` or `all`. */
const target = z.string().min(1).max(80);

/** Arguments of the methods about recordings. */
export const recordArgs = {
  'record.start': camera,
  'record.stop': z.object({ id: z.string().min(1).max(128) }),
  'record.list': nothing,
  'record.plans': nothing,
  'record.setPlan': z.object({
    plan: z.object({
      target,
      mode: z.enum(['off', 'always', 'schedule', 'alarm']),
      week: z.string().regex(/^[01]{336}$/),
      stream: z.enum(streamKinds),
      channels: z.array(channel).max(255),
      preSeconds: z.int().min(0).max(300),
      postSeconds: z.int().min(0).max(3600),
    }),
  }),
  'record.removePlan': z.object({ target }),
  'recorder.state': nothing,
  'rewind.coverage': camera,
  'archive.month': z.object({
    year: z.int().min(1970).max(9999),
    month: z.int().min(1).max(12),
    utcOffsetMinutes: z.int().min(-900).max(900),
  }),
  'archive.coverage': z.object({ cameras, from: time, to: time }),
  'archive.fragments': z.object({ segment: id }),
  'archive.track': z.object({ vehicleId, from: time, to: time }),
  'bookmark.add': z.object({
    from: time,
    to: time,
    cameras: cameras.min(1),
    note: z.string().max(maxNote),
    isProtected: z.boolean(),
  }),
  'bookmark.update': z.object({
    id,
    note: z.string().max(maxNote).exactOptional(),
    isProtected: z.boolean().exactOptional(),
  }),
  'bookmark.remove': z.object({ id }),
  'bookmark.list': nothing,
  'export.start': z.object({
    from: time,
    to: time,
    cameras: cameras.min(1),
  }),
  'export.cancel': z.object({ id: jobId }),
  'export.list': nothing,
};
