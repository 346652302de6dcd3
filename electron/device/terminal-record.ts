import { z } from 'zod';
import {
  g726Orders,
  g726Rates,
  soundLaws,
  type Transport,
  type Vehicle,
  type VehicleChannel,
  type VehicleState,
} from '../contract.ts';

const channelNumber = z.int().min(1).max(255);

/** What is kept of a terminal. Field by field as in `Vehicle`, where it is not explained here. */
const recordShape = z.object({
  id: z.string().regex(/^[0-9A-F]{1,20}$/),
  headerId: z.string(),
  /** False while an operator has not said yes to it (`registration` is `list`). */
  admitted: z.boolean(),
  /** Handed out in 0x8100, expected in 0x0102; '' when it must register first. */
  code: z.string(),
  plate: z.string(),
  plateColor: z.int(),
  group: z.string(),
  maker: z.string(),
  model: z.string(),
  version: z.enum(['2011', '2013', '2019']),
  remote: z.string(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
  /** When it last authenticated; 0 never. */
  authenticatedAt: z.number(),
  /** Set by an operator, else the setting `transport` holds. */
  transport: z.enum(['udp', 'tcp', 'both']).optional(),
  /** MB a month, set by an operator, else the setting `dataAllowanceMb` holds. */
  dataAllowanceMb: z.int().min(0).optional(),
  /** Set by an operator; absent: everything is found out. */
  sound: z.object({ law: z.enum(soundLaws), g726Order: z.enum(g726Orders), g726Rate: z.literal(g726Rates) }).optional(),
  /** Channels of parameter 0x0076 (1078-2016 table 4), in its order; absent while it has not come. */
  cameras: z
    .array(
      z.object({
        channel: channelNumber,
        panTilt: z.boolean(),
        silent: z.boolean(),
        soundOnly: z.literal(true).exactOptional(),
      }),
    )
    .max(255)
    .optional(),
  /** Channels beyond the number the terminal states, shown by something it sent. */
  extraChannels: z.array(channelNumber),
  channelNames: z.record(z.string(), z.string()),
  capabilities: z
    .object({
      audioPayloadType: z.number(),
      audioChannels: z.number(),
      audioSampleRate: z.number(),
      audioBits: z.number(),
      audioFrameLength: z.number(),
      audioOutput: z.boolean(),
      videoPayloadType: z.number(),
      maxAudioChannels: z.number(),
      maxVideoChannels: z.number(),
    })
    .optional(),
  position: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      altitude: z.number(),
      speed: z.number(),
      direction: z.number(),
      deviceTime: z.number(),
      receivedAt: z.number(),
      fixed: z.boolean(),
      ignition: z.boolean(),
      alarms: z.number(),
      videoAlarms: z.number(),
      signalLost: z.array(z.number()),
      occluded: z.array(z.number()),
    })
    .optional(),
});

export type TerminalRecord = z.infer<typeof recordShape>;

/** A record as it was written, or undefined when it is not one. */
export function readRecord(value: unknown): TerminalRecord | undefined {
  const parsed = recordShape.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export function newRecord(id: string, headerId: string, now: number): TerminalRecord {
  return {
    id,
    headerId,
    admitted: false,
    code: '',
    plate: '',
    plateColor: 0,
    group: '',
    maker: '',
    model: '',
    version: '2013',
    remote: '',
    firstSeenAt: now,
    lastSeenAt: now,
    authenticatedAt: 0,
    extraChannels: [],
    channelNames: {},
  };
}

/** How a console sees the terminal. @param onlineSince 0 while it is not */
export function vehicleOf(
  record: TerminalRecord,
  onlineSince: number,
  defaults: { transport: Transport; channels: number },
): Vehicle {
  const {
    admitted,
    code: _code,
    authenticatedAt: _at,
    extraChannels: _extra,
    channelNames: _names,
    cameras: _cameras,
    ...shown
  } = record;
  const { capabilities, position, transport, dataAllowanceMb, sound, ...plain } = shown;
  const state: VehicleState = !admitted ? 'pending' : onlineSince > 0 ? 'online' : 'offline';
  return {
    ...plain,
    state,
    onlineSince,
    channels: channelsOf(record, defaults.channels),
    transport: transport ?? defaults.transport,
    ...(dataAllowanceMb === undefined ? {} : { dataAllowanceMb }),
    ...(sound ? { sound: { ...sound } } : {}),
    ...(capabilities ? { capabilities: { ...capabilities } } : {}),
    ...(position ? { position: { ...position } } : {}),
  };
}

/** Most channels that 0x1003 is believed to mean; table 2 of 1078-2016 numbers cameras up to 32, recorders with 64 exist. */
const mostStatedChannels = 64;

/** Whether the terminal itself says which channels are cameras: by its channel table, or by their number in 0x1003. */
export function statesChannels(record: TerminalRecord): boolean {
  return record.cameras !== undefined || statedChannels(record) !== undefined;
}

/** Whether a camera is shown anyway, without having been seen. */
export function isExpectedChannel(record: TerminalRecord, channel: number, defaultChannels: number): boolean {
  if (record.cameras) return record.cameras.some(camera => camera.channel === channel);
  return channel <= (statedChannels(record) ?? defaultChannels);
}

function statedChannels(record: TerminalRecord): number | undefined {
  const stated = record.capabilities?.maxVideoChannels ?? 0;
  return stated >= 1 && stated <= mostStatedChannels ? stated : undefined;
}

function channelsOf(record: TerminalRecord, defaultChannels: number): VehicleChannel[] {
  const numbers = new Set(record.extraChannels);
  const known = new Map(record.cameras?.map(camera => [camera.channel, camera]));
  for (const channel of known.keys()) numbers.add(channel);
  const counted = record.cameras ? 0 : (statedChannels(record) ?? defaultChannels);
  for (let channel = 1; channel <= counted; channel++) numbers.add(channel);
  return [...numbers]
    .sort((a, b) => a - b)
    .map(channel => {
      const name = record.channelNames[channel];
      const { panTilt, silent, soundOnly } = known.get(channel) ?? {};
      return {
        channel,
        ...(name && { name }),
        ...(panTilt && { panTilt }),
        ...(silent && { silent }),
        ...(soundOnly && { soundOnly }),
      };
    });
}
