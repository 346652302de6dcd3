import { z } from 'zod';
import { uploadConditions } from '../contract.ts';
import { channel, vehicleId } from './record-schema.ts';
import { alarmBits, storedKind, storedTime } from './storage-schema.ts';

const named = z.object({ id: z.string().min(1).max(64) });

/** Checks of the arguments of the methods about uploads. */
export const uploadArgs = {
  'upload.start': z.object({
    vehicleId,
    channel,
    from: storedTime,
    to: storedTime,
    ...storedKind,
    conditions: z.array(z.enum(uploadConditions)).max(3).exactOptional(),
    alarms: alarmBits.exactOptional(),
    videoAlarms: alarmBits.exactOptional(),
  }),
  'upload.pause': named,
  'upload.resume': named,
  'upload.cancel': named,
  'upload.list': z.object({ vehicleId: vehicleId.exactOptional() }),
  'upload.remove': named,
};
