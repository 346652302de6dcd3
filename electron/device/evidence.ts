import type { RegistrationLayout } from '../codec/jt808/body/registration.ts';
import type { ErrorCode, VideoCodec } from '../contract.ts';
import type { StreamUse } from '../stream-key.ts';
import type { Link } from './link.ts';

/** Bytes that show something happened, at most 64, a copy, and when they came or went; ms since 1970. */
export interface Proof {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What a terminal said to be let in, on one connection, and what it was answered. */
export interface EntryEvidence {
  readonly link: Link;
  readonly openedAt: number;
  /** Header and body of the message, escapes undone. */
  registration?: Proof & { readonly bodyLength: number; readonly layout: RegistrationLayout };
  /** 0x8100: 0 ok, 1 to 4 as 808-2013 table 11; 0x8001 to a 0x0100 that could not be read: 16 and its result. */
  registered?: Proof & { readonly result: number };
  authentication?: Proof & { readonly codeLength: number };
  /** 0x8001: 0 the code is the one given out. */
  authenticated?: Proof & { readonly result: number };
  capabilities?: Proof;
  /** 0x0100 that came faster than its address may send them. */
  overRateAt?: number;
  /** What it said first without having been let in: neither 0x0100 nor 0x0102. */
  stranger?: Proof & { readonly id: number };
  closedAt?: number;
  /** Why, where it was not the connection that ended. */
  closed?: ErrorCode;
}

/** What was asked for one camera, and what came. */
export interface CameraEvidence {
  readonly terminal: string;
  readonly channel: number;
  readonly stream: StreamUse;
  asked?: Proof & {
    readonly serial: number;
    readonly address: string;
    readonly tcpPort: number;
    readonly udpPort: number;
  };
  /** 0x0001 to it. */
  answered?: Proof & { readonly result: number };
  media?: { readonly at: number; readonly transport: 'tcp' | 'udp'; readonly remote: string; closedAt: number };
  firstPacket?: Proof & { readonly sim: Uint8Array; readonly payloadBytes: number };
  /** By payload type of JT/T 1078 table 12, in the order they came. */
  readonly payloadTypes: Map<number, Proof>;
  firstKey?: Proof & { readonly codec: VideoCodec };
}

/** Media that was not taken in, one row for each terminal and channel at each source. */
export interface RefusedMedia extends Proof {
  readonly remote: string;
  readonly transport: 'tcp' | 'udp';
  readonly terminal: string;
  readonly sim: Uint8Array;
  readonly channel: number;
  readonly payloadType: number;
  /** Of the first. */
  readonly payloadBytes: number;
  /** unwanted: nothing was asked of that SIM · unwantedChannel: not this channel · otherSource: it comes from elsewhere. */
  readonly why: 'unwanted' | 'unwantedChannel' | 'otherSource';
  lastAt: number;
  packets: number;
}
