import type { G726Rate } from './decoder.ts';
import { encodeG711 } from './g711.ts';
import { type BitOrder, G726Encoder } from './g726.ts';
import type { G726Bits } from './g726-tables.ts';
import { withHisiHeader } from './hisi-header.ts';
import { encodeImaPacket, type ImaState, imaHeaderBytes, imaLayouts } from './ima-adpcm.ts';
import { encodePcm } from './pcm.ts';

export interface SoundEncoderOptions {
  /** Bytes of one packet's sound, as the terminal's 0x1003 has it; 0 or out of range: 20 ms. */
  readonly frameLength?: number;
  /** Hz; what the payload type implies when left out. */
  readonly sampleRate?: number;
  /** The four bytes of HiSilicon recorders before each packet, beyond the frame length. */
  readonly hisiHeader?: boolean;
  /** kbit/s; 32 when left out. */
  readonly g726Rate?: G726Rate;
  /** `msb` when left out, as in the recordings of recorders that were seen. */
  readonly g726Order?: BitOrder;
}

/** PCM to a terminal's own coding, packet after packet. */
export interface SoundEncoder {
  /** Hz of what goes in. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of one packet, all channels together; even. */
  readonly frameSamples: number;
  /** @param pcm `frameSamples` samples; fewer are filled with silence, more are left out @returns one packet's payload */
  encode(pcm: Int16Array): Uint8Array<ArrayBuffer>;
  /** The next packet does not follow on the last. */
  reset(): void;
}

const usualMs = 20;
const leastMs = 5;
const mostMs = 250;
/** A whole number of 10 ms of IMA ADPCM at 8 kHz, in bytes: tells whether a frame length counts headers in. */
const imaUnit = 40;

/** Turns whole packets' samples into bytes; made anew by `reset`. */
type Coding = (samples: Int16Array) => Uint8Array<ArrayBuffer>;

/** @param payloadType of table 12 @returns undefined for what cannot be encoded here */
export function createSoundEncoder(payloadType: number, options: SoundEncoderOptions = {}): SoundEncoder | undefined {
  const rate = options.sampleRate ?? (payloadType === 13 ? 16000 : 8000);
  const bits = ((options.g726Rate ?? 32) / 8) as G726Bits;
  const order = options.g726Order ?? 'msb';
  const linear = (endian: 'le' | 'be', channels: number) =>
    new PacketEncoder(
      () => samples => encodePcm(samples, endian),
      { rate, channels },
      bytes => bytes / 2,
      options,
    );
  const g726 = (width: G726Bits) => {
    const made = () => {
      const encoder = new G726Encoder(width, order);
      return (samples: Int16Array) => encoder.encode(samples);
    };
    // Eight samples fill whole bytes at every rate.
    return new PacketEncoder(made, { rate, channels: 1 }, bytes => 8 * Math.floor(bytes / width), options);
  };
  const ima = (layout: (typeof imaLayouts)['pt26' | 'dvi4']) => {
    const made = () => {
      const state: ImaState = { predictor: 0, index: 0 };
      return (samples: Int16Array) => encodeImaPacket(samples, layout, state);
    };
    return new PacketEncoder(made, { rate, channels: 1 }, bytes => 2 * imaDataBytes(bytes), options);
  };
  switch (payloadType) {
    case 1:
      return g726(4);
    case 6:
      return new PacketEncoder(
        () => pcm => encodeG711(pcm, 'a'),
        { rate, channels: 1 },
        bytes => bytes,
        options,
      );
    case 7:
      return new PacketEncoder(
        () => pcm => encodeG711(pcm, 'mu'),
        { rate, channels: 1 },
        bytes => bytes,
        options,
      );
    case 8:
      return g726(bits);
    case 10:
    case 11:
    case 12:
    case 13:
      return ima(imaLayouts.dvi4);
    case 15:
      return linear('be', 2);
    case 16:
      return linear('be', 1);
    case 18:
    case 22:
    case 23:
      return linear('le', 1);
    case 26:
      return ima(imaLayouts.pt26);
    default:
      return undefined;
  }
}

class PacketEncoder implements SoundEncoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly frameSamples: number;
  readonly #made: () => Coding;
  readonly #isMarked: boolean;
  #coding: Coding;

  constructor(
    made: () => Coding,
    { rate, channels }: { rate: number; channels: number },
    samplesOf: (bytes: number) => number,
    options: SoundEncoderOptions,
  ) {
    this.sampleRate = rate;
    this.channels = channels;
    this.#made = made;
    this.#coding = made();
    this.#isMarked = options.hisiHeader ?? false;
    const perMs = (rate * channels) / 1000;
    const asked = Math.floor(samplesOf(options.frameLength ?? 0) / (2 * channels)) * 2 * channels;
    const isFine = asked >= leastMs * perMs && asked <= mostMs * perMs;
    this.frameSamples = isFine ? asked : Math.floor((usualMs * perMs) / 8) * 8;
  }

  encode(pcm: Int16Array): Uint8Array<ArrayBuffer> {
    const whole = pcm.length === this.frameSamples ? pcm : new Int16Array(this.frameSamples);
    if (whole !== pcm) whole.set(pcm.subarray(0, this.frameSamples));
    const bytes = this.#coding(whole);
    return this.#isMarked ? withHisiHeader(bytes) : bytes;
  }

  reset(): void {
    this.#coding = this.#made();
  }
}

/** Some terminals count the state, or that and the HiSilicon header, into the frame length; 164 and 168 are 160 of data. */
function imaDataBytes(frameLength: number): number {
  const counted = [frameLength - 2 * imaHeaderBytes, frameLength - imaHeaderBytes, frameLength];
  return counted.find(bytes => bytes > 0 && bytes % imaUnit === 0) ?? Math.max(frameLength - imaHeaderBytes, 0);
}
