import type { VideoCodec } from '../../electron/contract.ts';
import { joinNals, splitNals } from './annex-b.ts';
import { BitReader } from './bits.ts';
import { hevcCodecString } from './hevc-codec.ts';
import { parseSps, withoutReordering } from './sps.ts';

/** A key frame made fit for a decoder that starts with it. */
export interface KeyUnit {
  /** Annex-B; parameter sets first, with the SPS rewritten where that is safe. */
  data: Uint8Array<ArrayBuffer>;
  /** Identity of the SPS as the camera sent it: another one needs another decoder. */
  spsId: string;
  /** RFC 6381, e.g. `avc1.4d001f`. */
  codec: string;
  /** False for an I picture that is not IDR: MSE cannot begin there. */
  idr: boolean;
}

/**
 * Prepares key frames of one stream. Sets that came only out of band are put in front; the result for the last SPS is
 * remembered, since a camera repeats it with every key frame.
 */
export class KeyUnits {
  #sets: Uint8Array[] = [];
  #seen: Uint8Array | undefined;
  #rewritten: Uint8Array | undefined;
  #spsId = '';
  #codec = '';
  #rewrites: boolean;

  constructor(rewrites = true) {
    this.#rewrites = rewrites;
  }

  /** Parameter sets of `start`: NAL units without start code. */
  setParameterSets(sets: readonly Uint8Array[]): void {
    this.#sets = [...sets];
  }

  /** The stream turned out to have B pictures: the SPS stays as it is from here on. */
  stopRewriting(): void {
    this.#rewrites = false;
    this.#seen = undefined;
  }

  /** Undefined when there is no usable SPS. */
  prepare(data: Uint8Array, codec: VideoCodec): KeyUnit | undefined {
    return codec === 'h265' ? this.#hevc(data) : this.#avc(data);
  }

  #avc(data: Uint8Array): KeyUnit | undefined {
    let nals = splitNals(data);
    for (const type of [8, 7])
      if (!nals.some(nal => (nal[0]! & 0x1f) === type))
        nals = [...this.#sets.filter(nal => (nal[0]! & 0x1f) === type), ...nals];
    const sps = nals.find(nal => (nal[0]! & 0x1f) === 7);
    if (!sps || sps.length < 4) return undefined;
    if (!this.#seen || !sameBytes(sps, this.#seen)) {
      if (!parseSps(sps)) return undefined;
      this.#seen = sps.slice();
      this.#rewritten = this.#rewrites ? withoutReordering(this.#seen) : this.#seen;
      this.#codec = `avc1.${hex(sps.subarray(1, 4))}`;
      this.#spsId = hex(sps);
    }
    const units = nals.map(nal => (nal === sps ? this.#rewritten! : nal));
    const idr = nals.some(nal => (nal[0]! & 0x1f) === 5);
    if (!idr) insertRecoveryPoint(units);
    return { data: joinNals(units), spsId: this.#spsId, codec: this.#codec, idr };
  }

  #hevc(data: Uint8Array): KeyUnit | undefined {
    let nals = splitNals(data);
    for (const type of [34, 33, 32])
      if (!nals.some(nal => hevcType(nal) === type))
        nals = [...this.#sets.filter(nal => hevcType(nal) === type), ...nals];
    const sps = nals.find(nal => hevcType(nal) === 33);
    const codec = sps && hevcCodecString(sps);
    if (!sps || !codec) return undefined;
    // 16 to 21 are the IRAP types.
    const idr = nals.some(nal => hevcType(nal) >= 16 && hevcType(nal) <= 21);
    return { data: joinNals(nals), spsId: hex(sps), codec, idr };
  }
}

/**
 * SEI message 6 (D.1.8): recovery_frame_cnt 0, exact_match_flag 1. Some recorders send no IDR after the first; with this in
 * front of their I pictures WebCodecs takes those for the key frames that they are meant to be.
 */
const recoveryPoint = Uint8Array.of(0x06, 0x06, 0x01, 0xc4, 0x80);

function insertRecoveryPoint(nals: Uint8Array[]): void {
  const slice = nals.findIndex(nal => (nal[0]! & 0x1f) === 1);
  if (slice >= 0) nals.splice(slice, 0, recoveryPoint);
}

function hevcType(nal: Uint8Array): number {
  return (nal[0]! >> 1) & 0x3f;
}

/** Whether the first slice of an H.264 access unit is a B slice (7.4.3: slice_type 1 or 6). */
export function hasBSlice(data: Uint8Array): boolean {
  for (let i = 0; i + 4 < data.length; i += 1) {
    if (data[i] !== 0 || data[i + 1] !== 0 || data[i + 2] !== 1) continue;
    const type = data[i + 3]! & 0x1f;
    if (type === 5) return false;
    if (type !== 1) continue;
    try {
      const bits = new BitReader(data.subarray(i + 4, i + 20));
      bits.ue(); // first_mb_in_slice
      return bits.ue() % 5 === 1;
    } catch {
      return false;
    }
  }
  return false;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
