import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamKind } from '../contract.ts';
import { type Backdrop, CaptionBand } from './caption-band.ts';
import { CaptionFont } from './caption-font.ts';
import { Clip } from './clip.ts';
import { cabinMurmur } from './murmur.ts';

/** Where a vehicle is driving: its four cameras see the same light. */
export const places = ['city-day', 'motorway-dusk', 'city-night'] as const;
export type Place = (typeof places)[number];

/** Cameras by channel, from 1. */
export const eyes = ['front', 'cabin', 'left', 'rear'] as const;

/** Both encodings: where the caption is, in rows of macroblocks. */
const encodings = {
  main: { firstRow: 4, rows: 2, font: 'caption-32.font' },
  sub: { firstRow: 2, rows: 1, font: 'caption-16.font' },
} as const;

/** Of every clip. */
export const framesPerSecond = 15;

export interface Scene {
  readonly clip: Clip;
  /** A new band, for one stream. */
  captionBand(): CaptionBand;
}

/** The clips in a folder, each read once, when the first stream wants it. */
export class SceneShelf {
  readonly #folder: string;
  readonly #scenes = new Map<string, Scene>();
  readonly #fonts = new Map<string, CaptionFont>();

  #murmur: Uint8Array | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param channel 1 to 4 @throws when the file is missing or damaged */
  scene(place: Place, channel: number, stream: StreamKind): Scene {
    const name = `${place}-${eyes[(channel - 1) % eyes.length]}-${stream}`;
    let scene = this.#scenes.get(name);
    if (!scene) {
      scene = this.#read(name, stream);
      this.#scenes.set(name, scene);
    }
    return scene;
  }

  /** A JPEG of the place without a caption, 704 by 576. @throws when the file is missing */
  still(place: Place, channel: number): Uint8Array {
    return this.#file(`${place}-${eyes[(channel - 1) % eyes.length]}.jpg`);
  }

  /** The sound of every vehicle. */
  murmur(): Uint8Array {
    this.#murmur ??= cabinMurmur(1);
    return this.#murmur;
  }

  #read(name: string, stream: StreamKind): Scene {
    const { firstRow, rows, font } = encodings[stream];
    const clip = new Clip(this.#file(`${name}.h264`), firstRow);
    const backdrop = asBackdrop(this.#file(`${name}.backdrop`), clip.syntax.columns * 16 * rows * 16);
    const captionFont = this.#fonts.get(font) ?? new CaptionFont(this.#file(font));
    this.#fonts.set(font, captionFont);
    return {
      clip,
      captionBand: () => new CaptionBand({ syntax: clip.syntax, firstRow, rows, backdrop, font: captionFont }),
    };
  }

  #file(name: string): Uint8Array {
    return readFileSync(join(this.#folder, name));
  }
}

/** Planar 4:2:0, as ffmpeg's rawvideo writes it. */
function asBackdrop(file: Uint8Array, pixels: number): Backdrop {
  if (file.length !== pixels * 1.5) throw new RangeError(`a backdrop of ${file.length} bytes for ${pixels} pixels`);
  return {
    luma: file.subarray(0, pixels),
    chromaBlue: file.subarray(pixels, pixels * 1.25),
    chromaRed: file.subarray(pixels * 1.25),
  };
}
