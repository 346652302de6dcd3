import type { SoundDecoder } from './decoder.ts';
import { withoutHisiHeader } from './hisi-header.ts';
import { decodeImaPacket, type ImaLayout, type ImaState, imaHeaderBytes, readImaState } from './ima-adpcm.ts';

/** Headers in a row that another layout foretells and the present one does not, until that one is believed. */
const believed = 3;

interface Reading {
  readonly layout: ImaLayout;
  /** State at the end of the packet before. */
  end: ImaState | undefined;
  /** Headers in a row that were the end of the packet before. */
  chain: number;
}

/**
 * IMA ADPCM whose packets each begin with their state. The state is also the end of the packet before, so the byte order of the
 * header and the order of the nibbles prove themselves: a layout that foretells three headers in a row is the right one.
 */
export class ImaSound implements SoundDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  #present: Reading;
  #others: Reading[];

  constructor(declared: ImaLayout, sampleRate: number) {
    this.sampleRate = sampleRate;
    const { isLittleEndian, isHighFirst } = declared;
    this.#present = { layout: declared, end: undefined, chain: 0 };
    this.#others = [
      { isLittleEndian, isHighFirst: !isHighFirst },
      { isLittleEndian: !isLittleEndian, isHighFirst },
      { isLittleEndian: !isLittleEndian, isHighFirst: !isHighFirst },
    ].map(layout => ({ layout, end: undefined, chain: 0 }));
  }

  get reading(): string {
    return `IMA ADPCM, ${this.#present.layout.isHighFirst ? 'high' : 'low'} nibble first`;
  }

  decode(payload: Uint8Array): Int16Array<ArrayBuffer> {
    const packet = withoutHisiHeader(payload);
    if (packet.length < imaHeaderBytes) return new Int16Array(0);
    const samples = read(this.#present, packet);
    if (this.#present.chain >= believed) this.#others = [];
    for (const other of this.#others) {
      const otherwise = read(other, packet);
      if (other.chain < believed || this.#present.chain > 0) continue;
      this.#present = other;
      this.#others = [];
      return otherwise;
    }
    return samples;
  }

  reset(): void {
    for (const reading of [this.#present, ...this.#others]) reading.end = undefined;
  }
}

function read(reading: Reading, packet: Uint8Array): Int16Array<ArrayBuffer> {
  const state = readImaState(packet, reading.layout);
  const { end } = reading;
  const isForetold = end !== undefined && end.predictor === state.predictor && end.index === state.index;
  // Silence foretells itself in every layout.
  if (!isForetold) reading.chain = 0;
  else if (state.predictor !== 0) reading.chain++;
  const samples = decodeImaPacket(packet, reading.layout, state);
  reading.end = state;
  return samples;
}
