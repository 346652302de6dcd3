import type { SoundOverride, Transport } from '../contract.ts';

/** Longest names an operator may give, in characters. */
export const maxGroupName = 64;
export const maxChannelName = 32;

/** What the operator's words may change of a vehicle. */
export interface VehicleEdit {
  group?: string;
  transport?: Transport;
  /** MB a month; -1: what the setting says. */
  dataAllowanceMb?: number;
  /** What is absent is left as it is. */
  sound?: Partial<SoundOverride>;
  /** Channel number → name; '' takes the name away. */
  channelNames?: Record<string, string>;
}
