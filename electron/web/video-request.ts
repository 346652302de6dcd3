import { z } from 'zod';
import { streamKinds } from '../contract.ts';

const vehicleId = z.string().min(1).max(40);
/** Numbers out of range are an unknownChannel, said by the desk; other types are a badRequest. */
const channel = z.int();
const stream = z.enum(streamKinds).optional();

/** What a client of `/ws/video` may say. */
export const videoRequest = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    vehicleId,
    channel,
    stream,
    format: z.enum(['json', 'binary']).optional(),
  }),
  z.object({ type: z.literal('unsubscribe'), vehicleId, channel, stream }),
]);

export type VideoRequest = z.output<typeof videoRequest>;

/** The camera as the client wrote it, to be echoed in every answer and frame. `stream` only where it was given. */
export interface Asked {
  readonly vehicleId: string;
  readonly channel: number;
  readonly stream?: string;
}

export function askedBy(request: VideoRequest): Asked {
  const { vehicleId, channel, stream } = request;
  return { vehicleId, channel, ...(stream !== undefined && { stream }) };
}

/** As much of the camera as a faulty request names in the right types, so that its error can be told from others. */
export function askedByFaulty(message: unknown): Partial<Asked> {
  const part = (name: 'vehicleId' | 'channel' | 'stream', check: z.ZodType) => {
    const value = (message as Record<string, unknown> | null)?.[name];
    return check.safeParse(value).success && value !== undefined ? { [name]: value } : {};
  };
  if (typeof message !== 'object') return {};
  return { ...part('vehicleId', vehicleId), ...part('channel', channel), ...part('stream', stream) };
}
