import { type Box, boxes, inside } from './box.ts';

export type TrackKind = 'video' | 'audio';

/** `hdlr`, ISO/IEC 14496-12, 8.4.3. */
const handlers: Record<TrackKind, number> = { video: 0x76696465, audio: 0x736f756e };

/** MIME type of one kind of track of a file; undefined when the file has none. */
export function soleMime(mime: string, kind: TrackKind): string | undefined {
  const codecs =
    /codecs="([^"]*)"/
      .exec(mime)?.[1]
      ?.split(',')
      .map(codec => codec.trim()) ?? [];
  const own = codecs.filter(codec => codec.startsWith('mp4a') === (kind === 'audio'));
  return own.length > 0 ? `${kind}/mp4; codecs="${own.join(', ')}"` : undefined;
}

/** Number of the first track of a kind in a file's header; undefined without one, or when the header is not understood. */
export function trackId(init: ArrayBuffer, kind: TrackKind): number | undefined {
  try {
    const moov = inside(new DataView(init), 'moov');
    const tracks = moov ? boxes(moov).filter(box => box.type === 'trak') : [];
    const track = tracks.find(({ view }) => inside(view, 'mdia', 'hdlr')?.getUint32(8) === handlers[kind]);
    return track && idOf(track);
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
    return undefined;
  }
}

/**
 * Hides every other track of a header or of fragments: what describes it becomes free space (8.1.2) where it stands, so that
 * no offset changes. A SourceBuffer shows nothing where one of its tracks has nothing, and keeps their number for life (Media
 * Source Extensions, 3.5.8 and 3.12): pictures must neither wait for sound nor be begun anew where it begins.
 */
export function keepTrack(bytes: Uint8Array, id: number): void {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const outer of boxes(view)) {
      if (outer.type !== 'moov' && outer.type !== 'moof') continue;
      for (const box of boxes(outer.view)) {
        if (box.type === 'mvex') for (const each of boxes(box.view)) hideUnless(box.view, each, id);
        else hideUnless(outer.view, box, id);
      }
    }
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
  }
}

function hideUnless(parent: DataView, box: Box, id: number): void {
  const own = idOf(box);
  if (own === undefined || own === id) return;
  for (const [at, letter] of [...'free'].entries()) parent.setUint8(box.typeAt + at, letter.charCodeAt(0));
}

/** Number of the track that a box is about; undefined for one that is about none. */
function idOf({ type, view }: Box): number | undefined {
  if (type === 'trex') return view.getUint32(4);
  if (type === 'traf') return inside(view, 'tfhd')?.getUint32(4);
  const tkhd = type === 'trak' ? inside(view, 'tkhd') : undefined;
  return tkhd?.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12);
}
