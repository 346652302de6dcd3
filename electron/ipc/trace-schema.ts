import { z } from 'zod';
import { traceFormats } from '../contract.ts';
import { vehicleId } from './record-schema.ts';

const id = z.string().max(40);

/** Checks of the arguments of the methods about traces. */
export const traceArgs = {
  'trace.start': z.object({ vehicleId }),
  'trace.stop': z.object({ vehicleId }),
  'trace.list': z.object({ vehicleId: vehicleId.exactOptional() }),
  'trace.export': z.object({
    id,
    vehicleId: vehicleId.exactOptional(),
    format: z.enum(traceFormats),
    blank: z.boolean(),
  }),
  'trace.remove': z.object({ id, vehicleId: vehicleId.exactOptional() }),
};
