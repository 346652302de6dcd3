import { BitWriter, escaped } from './bits.ts';
import type { CaptionFont } from './caption-font.ts';
import { type SliceStart, type SliceSyntax, writeSliceStart } from './slice-header.ts';

/** What stands behind the caption: planar 4:2:0 of the band's size, the same in every frame. */
export interface Backdrop {
  readonly luma: Uint8Array;
  readonly chromaBlue: Uint8Array;
  readonly chromaRed: Uint8Array;
}

export interface CaptionBandOptions {
  readonly syntax: SliceSyntax;
  /** Macroblock rows of the band: the first, and how many. */
  readonly firstRow: number;
  readonly rows: number;
  readonly backdrop: Backdrop;
  readonly font: CaptionFont;
}

/** H.264 tables 7-11 and 7-13. */
const intraPcm = { i: 25, p: 30 } as const;
/** Bytes of an I_PCM macroblock: 256 luma, 64 + 64 chroma. */
const pcmLength = 384;
/** More than any slice header and its run lengths take. */
const headerRoom = 64;
const marginLeft = 8;

/**
 * The rows of macroblocks that carry the burned-in caption, written as a slice of their own so that a pre-encoded scene
 * can show a running clock. An IDR picture gets the whole band as I_PCM; a P picture repeats it (P_Skip, which
 * predicts no motion here since every neighbour stands still) but for the macroblocks whose text has changed.
 */
export class CaptionBand {
  readonly #options: CaptionBandOptions;
  readonly #pcm: Uint8Array;
  readonly #luma: Uint8Array;
  readonly #changed: Uint8Array;
  readonly #width: number;
  readonly #count: number;
  #text = '';
  /** The slice being written. */
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(options: CaptionBandOptions) {
    this.#options = options;
    this.#width = options.syntax.columns * 16;
    this.#count = options.syntax.columns * options.rows;
    this.#pcm = new Uint8Array(this.#count * pcmLength);
    this.#luma = new Uint8Array(options.backdrop.luma);
    this.#changed = new Uint8Array(this.#count);
    this.#fillChroma();
    for (let at = 0; at < this.#count; at++) this.#fillLuma(at);
  }

  get firstMacroblock(): number {
    return this.#options.firstRow * this.#options.syntax.columns;
  }

  /** NAL unit, without start code, of the band in the picture that `picture` is another slice of. */
  slice(picture: SliceStart, text: string): Uint8Array {
    this.#changed.fill(0);
    if (text !== this.#text) this.#draw(text);
    return picture.idr ? this.#whole(picture) : this.#changes(picture);
  }

  #whole(picture: SliceStart): Uint8Array {
    const bits = this.#begin(picture, this.#count);
    for (let at = 0; at < this.#count; at++) this.#writePcm(bits, at, intraPcm.i);
    return this.#finish(bits);
  }

  #changes(picture: SliceStart): Uint8Array {
    let changes = 0;
    for (const changed of this.#changed) changes += changed;
    const bits = this.#begin(picture, changes);
    let run = 0;
    for (let at = 0; at < this.#count; at++) {
      if (this.#changed[at] === 0) {
        run++;
        continue;
      }
      bits.unsigned(run);
      run = 0;
      this.#writePcm(bits, at, intraPcm.p);
    }
    if (run > 0) bits.unsigned(run);
    return this.#finish(bits);
  }

  #begin(picture: SliceStart, macroblocks: number): BitWriter {
    this.#bytes = new Uint8Array(headerRoom + macroblocks * (pcmLength + 4));
    const bits = new BitWriter(this.#bytes);
    writeSliceStart(bits, { ...picture, firstMacroblock: this.firstMacroblock }, this.#options.syntax);
    return bits;
  }

  #finish(bits: BitWriter): Uint8Array {
    bits.trail();
    return escaped(this.#bytes.subarray(0, bits.length));
  }

  #writePcm(bits: BitWriter, at: number, type: number): void {
    bits.unsigned(type);
    bits.align();
    bits.copy(this.#pcm, at * pcmLength, (at + 1) * pcmLength);
  }

  /** Draws what differs from the text that is there, column by column of macroblocks. */
  #draw(text: string): void {
    const { backdrop, font, syntax, rows } = this.#options;
    const before = font.cells(this.#text);
    const after = font.cells(text);
    const dirty = new Uint8Array(syntax.columns);
    for (let cell = 0; cell < Math.max(before.length, after.length); cell++) {
      const [was, is] = [before[cell], after[cell]];
      if (was?.glyph === is?.glyph && was?.x === is?.x) continue;
      for (const one of [was, is])
        if (one)
          for (let x = one.x; x < one.x + one.width; x += 1) {
            const column = (marginLeft + x) >> 4;
            if (column < dirty.length) dirty[column] = 1;
          }
    }
    for (let column = 0; column < syntax.columns; column++) {
      if (dirty[column] === 0) continue;
      for (let y = 0; y < rows * 16; y++) {
        const from = y * this.#width + column * 16;
        this.#luma.set(backdrop.luma.subarray(from, from + 16), from);
      }
    }
    for (const cell of after) font.draw(cell, this.#luma, this.#width, marginLeft, dirty);
    for (let at = 0; at < this.#count; at++)
      if (dirty[at % syntax.columns] === 1) {
        this.#fillLuma(at);
        this.#changed[at] = 1;
      }
    this.#text = text;
  }

  #fillLuma(at: number): void {
    const { columns } = this.#options.syntax;
    const origin = Math.floor(at / columns) * 16 * this.#width + (at % columns) * 16;
    for (let y = 0; y < 16; y++)
      this.#pcm.set(
        this.#luma.subarray(origin + y * this.#width, origin + y * this.#width + 16),
        at * pcmLength + y * 16,
      );
  }

  #fillChroma(): void {
    const { syntax, backdrop } = this.#options;
    const width = this.#width / 2;
    for (let at = 0; at < this.#count; at++) {
      const origin = Math.floor(at / syntax.columns) * 8 * width + (at % syntax.columns) * 8;
      for (let y = 0; y < 8; y++) {
        const from = origin + y * width;
        this.#pcm.set(backdrop.chromaBlue.subarray(from, from + 8), at * pcmLength + 256 + y * 8);
        this.#pcm.set(backdrop.chromaRed.subarray(from, from + 8), at * pcmLength + 320 + y * 8);
      }
    }
  }
}
