import { z } from 'zod';
import {
  lensSteps,
  type Method,
  type ParameterValue,
  type TerminalOrder,
  terminalOrders,
  turnDirections,
  zoomSteps,
} from '../contract.ts';
import { vehicleId } from './record-schema.ts';

/** 0x8103 counts its parameters in one byte. */
const maxParameters = 255;
/** Characters of why a terminal was controlled. */
const maxReason = 500;

const channel = z.int().min(1).max(255);
const camera = z.object({ vehicleId, channel });
const parameterId = z.int().min(0).max(0xffffffff);
const value: z.ZodType<ParameterValue> = z.lazy(() =>
  z.union([
    z.number(),
    z.string().max(255),
    z.boolean(),
    z.null(),
    z.array(value).max(255),
    z.record(z.string().max(32), value),
  ]),
);
const parameter = z.union([
  z.strictObject({ id: parameterId, value }),
  z.strictObject({ id: parameterId, hex: z.string().regex(/^([0-9A-Fa-f]{2}){0,255}$/) }),
]);

/** Checks of the methods that tell a terminal or its camera what to do. */
export const orderArgs = {
  'steer.turn': camera.extend({ direction: z.enum(turnDirections), speed: z.int().min(0).max(255).exactOptional() }),
  'steer.focus': camera.extend({ step: z.enum(lensSteps) }),
  'steer.iris': camera.extend({ step: z.enum(lensSteps) }),
  'steer.wiper': camera.extend({ on: z.boolean() }),
  'steer.light': camera.extend({ on: z.boolean() }),
  'steer.zoom': camera.extend({ step: z.enum(zoomSteps) }),
  'parameters.read': z.object({ vehicleId, ids: z.array(parameterId).min(1).max(maxParameters).exactOptional() }),
  'parameters.write': z.object({ vehicleId, parameters: z.array(parameter).min(1).max(maxParameters) }),
  'control.send': z.object({
    vehicleId,
    order: z.enum(Object.keys(terminalOrders) as [TerminalOrder, ...TerminalOrder[]]),
    parameters: z.array(z.string().max(255)).max(16).exactOptional(),
    reason: z.string().trim().min(1).max(maxReason),
  }),
} satisfies Partial<Record<Method, z.ZodType>>;
