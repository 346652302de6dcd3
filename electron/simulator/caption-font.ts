/** One character in its place. */
export interface CaptionCell {
  readonly glyph: number;
  /** Pixels from the beginning of the text. */
  readonly x: number;
  readonly width: number;
}

/** Darkest and brightest luma of the text, inside the range of video (ITU-R BT.601). */
const black = 16;
const white = 232;
/** The outline of a glyph reaches one pixel into its neighbours' cells at most; it is cut there. */
const unknownGlyph = '?';

/**
 * Glyphs of one height. File: UTF-8 JSON line `{"height":16,"glyphs":"0123…","widths":[8,…]}`, newline, then each glyph row
 * by row, one byte a pixel: high nibble how much of it is white text, low nibble how much is dark outline.
 */
export class CaptionFont {
  readonly height: number;
  readonly #glyphs: Map<string, number>;
  readonly #widths: readonly number[];
  readonly #offsets: number[] = [];
  readonly #pixels: Uint8Array;

  constructor(file: Uint8Array) {
    const end = file.indexOf(0x0a);
    const head = JSON.parse(new TextDecoder().decode(file.subarray(0, end))) as {
      height: number;
      glyphs: string;
      widths: number[];
    };
    this.height = head.height;
    this.#glyphs = new Map([...head.glyphs].map((glyph, at) => [glyph, at]));
    this.#widths = head.widths;
    this.#pixels = file.subarray(end + 1);
    let offset = 0;
    for (const width of head.widths) {
      this.#offsets.push(offset);
      offset += width * head.height;
    }
  }

  cells(text: string): CaptionCell[] {
    const cells: CaptionCell[] = [];
    let x = 0;
    for (const letter of text) {
      const glyph = this.#glyphs.get(letter) ?? this.#glyphs.get(unknownGlyph) ?? 0;
      const width = this.#widths[glyph] ?? 0;
      cells.push({ glyph, x, width });
      x += width;
    }
    return cells;
  }

  /** Draws `cell` over `luma`, but only in columns of macroblocks marked in `dirty`. */
  draw(cell: CaptionCell, luma: Uint8Array, stride: number, left: number, dirty: Uint8Array): void {
    const offset = this.#offsets[cell.glyph] as number;
    for (let x = 0; x < cell.width; x++) {
      const column = left + cell.x + x;
      if (column >= stride || dirty[column >> 4] !== 1) continue;
      for (let y = 0; y < this.height; y++) {
        const pixel = this.#pixels[offset + y * cell.width + x] as number;
        if (pixel === 0) continue;
        const at = y * stride + column;
        const shaded = mix(luma[at] as number, black, (pixel & 15) / 15);
        luma[at] = mix(shaded, white, (pixel >> 4) / 15);
      }
    }
  }
}

function mix(from: number, to: number, part: number): number {
  return Math.round(from + (to - from) * part);
}
