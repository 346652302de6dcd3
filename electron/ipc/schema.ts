import { z } from 'zod';
import { g726Orders, g726Rates, type Method, type Rpc, soundLaws } from '../contract.ts';
import { maxChannelName, maxGroupName } from '../device/vehicle-edit.ts';
import { doctorArgs } from './doctor-schema.ts';
import { eventArgs } from './event-schema.ts';
import { orderArgs } from './order-schema.ts';
import { camera, maxCredits, nothing, recordArgs, vehicleId } from './record-schema.ts';
import { storageArgs } from './storage-schema.ts';
import { talkArgs } from './talk-schema.ts';
import { terminalArgs } from './terminal-schema.ts';
import { traceArgs } from './trace-schema.ts';
import { uploadArgs } from './upload-schema.ts';

export { maxCredits };

const args = {
  'app.info': nothing,
  'fleet.list': nothing,
  'fleet.update': z.object({
    vehicleId,
    group: z.string().max(maxGroupName).exactOptional(),
    transport: z.enum(['udp', 'tcp', 'both']).exactOptional(),
    dataAllowanceMb: z.int().min(-1).max(100_000_000).exactOptional(),
    channelNames: z.record(z.string().regex(/^[1-9]\d{0,2}$/), z.string().max(maxChannelName)).exactOptional(),
  }),
  'fleet.admit': z.object({ vehicleId }),
  'fleet.forget': z.object({ vehicleId }),
  'sound.setOverride': z.object({
    vehicleId,
    law: z.enum(soundLaws).exactOptional(),
    g726Order: z.enum(g726Orders).exactOptional(),
    g726Rate: z.literal(g726Rates).exactOptional(),
  }),
  'stream.open': camera.extend({
    credits: z.int().min(0).max(maxCredits),
    audio: z.boolean().exactOptional(),
    video: z.boolean().exactOptional(),
  }),
  'stream.list': nothing,
  'settings.list': nothing,
  'settings.set': z.object({
    key: z.string().max(64),
    value: z.union([z.string().max(1024), z.number(), z.boolean()]),
  }),
  'diagnostics.get': nothing,
  'simulator.start': z.object({ vehicles: z.int().min(1).max(200).exactOptional() }),
  'simulator.stop': nothing,
  ...recordArgs,
  ...storageArgs(maxCredits),
  ...talkArgs,
  ...doctorArgs,
  ...traceArgs,
  ...uploadArgs,
  ...eventArgs,
  ...terminalArgs,
  ...orderArgs,
} satisfies Record<Method, z.ZodType>;

type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Agreement = { [M in Method]: Both<z.output<(typeof args)[M]>, Rpc[M]['args']> };

/** Fails to compile, naming the method, when a schema and the contract differ. */
type Agreed<A extends Record<Method, true>> = A;

/** Checks of every method's arguments. Fields that the contract does not know are left out of what they give. */
export const rpcArgs: { readonly [M in Method]: z.ZodType<Rpc[M]['args']> } & {
  readonly agreement?: Agreed<Agreement>;
} = args;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(args, name);
}

/** A call, as far as it must be right to be answered; the method and its arguments are looked at after that. */
export const callSchema = z.object({
  type: z.literal('call'),
  id: z.number(),
  method: z.string().max(64),
  args: z.unknown(),
});

export const mediaUpSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('credit'), frames: z.int().min(1).max(maxCredits) }),
  z.object({ type: z.literal('close') }),
]);
