import { z } from 'zod';
import { channel, vehicleId } from './record-schema.ts';

/** ms since 1970, to the end of what a date can be. */
const time = z.number().min(0).max(8_640_000_000_000_000);
const range = z.object({
  from: time,
  to: time,
  vehicleId: vehicleId.exactOptional(),
  limit: z.int().min(1).max(10_000),
});

/** Arguments of the methods about alarms, passengers and pictures. */
export const eventArgs = {
  'alarm.list': range,
  'alarm.confirm': z.object({ id: z.string().regex(/^a\d{1,15}$/), by: z.string().max(80).exactOptional() }),
  'passenger.list': range,
  'picture.take': z.object({
    vehicleId,
    channel,
    count: z.int().min(1).max(100).exactOptional(),
    quality: z.int().min(1).max(10).exactOptional(),
    resolution: z.int().min(1).max(8).exactOptional(),
  }),
  'picture.list': range,
};
