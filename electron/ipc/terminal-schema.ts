import { z } from 'zod';
import { vehicleId } from './record-schema.ts';

/** Checks of the arguments of what engineers send by hand. */
export const terminalArgs = {
  'terminal.send': z.object({
    vehicleId,
    messageId: z.string().regex(/^(0x)?[0-9A-Fa-f]{4}$/),
    value: z.unknown(),
  }),
};
