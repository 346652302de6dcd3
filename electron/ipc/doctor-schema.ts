import { z } from 'zod';
import { camera, nothing, vehicleId } from './record-schema.ts';

/** Arguments of the methods about connections and data use. */
export const doctorArgs = {
  'doctor.vehicle': z.object({ vehicleId }),
  'doctor.camera': camera,
  'doctor.peers': nothing,
  'usage.get': z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/), vehicleId: vehicleId.exactOptional() }),
};
