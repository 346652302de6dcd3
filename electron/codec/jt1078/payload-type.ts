export type MediaKind = 'video' | 'audio' | 'passThrough';

/** JT/T 1078-2016 table 12: the number of a coding, its name there, and what it carries. */
export const payloadTypes: readonly { readonly id: number; readonly name: string; readonly kind: MediaKind }[] = [
  { id: 1, name: 'G.721', kind: 'audio' },
  { id: 2, name: 'G.722', kind: 'audio' },
  { id: 3, name: 'G.723', kind: 'audio' },
  { id: 4, name: 'G.728', kind: 'audio' },
  { id: 5, name: 'G.729', kind: 'audio' },
  { id: 6, name: 'G.711A', kind: 'audio' },
  { id: 7, name: 'G.711U', kind: 'audio' },
  { id: 8, name: 'G.726', kind: 'audio' },
  { id: 9, name: 'G.729A', kind: 'audio' },
  { id: 10, name: 'DVI4_3', kind: 'audio' },
  { id: 11, name: 'DVI4_4', kind: 'audio' },
  { id: 12, name: 'DVI4_8K', kind: 'audio' },
  { id: 13, name: 'DVI4_16K', kind: 'audio' },
  { id: 14, name: 'LPC', kind: 'audio' },
  { id: 15, name: 'S16BE_STEREO', kind: 'audio' },
  { id: 16, name: 'S16BE_MONO', kind: 'audio' },
  { id: 17, name: 'MPEGAUDIO', kind: 'audio' },
  { id: 18, name: 'LPCM', kind: 'audio' },
  { id: 19, name: 'AAC', kind: 'audio' },
  { id: 20, name: 'WMA9STD', kind: 'audio' },
  { id: 21, name: 'HEAAC', kind: 'audio' },
  { id: 22, name: 'PCM_VOICE', kind: 'audio' },
  { id: 23, name: 'PCM_AUDIO', kind: 'audio' },
  { id: 24, name: 'AACLC', kind: 'audio' },
  { id: 25, name: 'MP3', kind: 'audio' },
  { id: 26, name: 'ADPCMA', kind: 'audio' },
  { id: 27, name: 'MP4AUDIO', kind: 'audio' },
  { id: 28, name: 'AMR', kind: 'audio' },
  { id: 91, name: 'pass-through', kind: 'passThrough' },
  { id: 98, name: 'H.264', kind: 'video' },
  { id: 99, name: 'H.265', kind: 'video' },
  { id: 100, name: 'AVS', kind: 'video' },
  { id: 101, name: 'SVAC', kind: 'video' },
];

const kindByPayloadType: readonly (MediaKind | undefined)[] = Array.from(
  { length: 128 },
  (_, id) => payloadTypes.find(row => row.id === id)?.kind,
);

/**
 * The payload type decides; the data type only for numbers that table 12 leaves open (0, 29 to 90, 102 to 127).
 * Firmware "T98" marks G.711A as an I frame, so the data type of audio is not to be trusted.
 */
export function mediaKind(payloadType: number, dataType: number): MediaKind {
  return (
    kindByPayloadType[payloadType] ??
    (dataType <= dataTypes.b ? 'video' : dataType === dataTypes.audio ? 'audio' : 'passThrough')
  );
}

/** High nibble of the type byte (table 19). */
export const dataTypes = { i: 0, p: 1, b: 2, audio: 3, passThrough: 4 } as const;

/** Low nibble of the type byte (table 19). */
export const parts = { atomic: 0, first: 1, last: 2, middle: 3 } as const;
