import { type FileHandle, open } from 'node:fs/promises';
import { BufferSource, Input, MP4 } from 'mediabunny';
import { Cursor, ShortRead } from '../codec/cursor.ts';
import { type FragmentRow, streamKinds, type VideoCodec } from '../contract.ts';
import type { FoundSegment } from './catalogue.ts';
import { type SegmentOrigin, videoTimescale, videoTrack } from './init-segment.ts';

/** Enough for the `moof` of two seconds; a longer one is read again as a whole. */
const readBytes = 16_384;
/** No `moov` or `moof` of ours comes near; a length beyond it is damage. */
const maxBoxBytes = 4_194_304;

/** Bit 16 of a sample's flags: no sync sample (ISO/IEC 14496-12 §8.8.3.1). */
const nonSync = 0x00010000;

interface Moof {
  /** ms of media time of its first picture. */
  readonly mediaMs: number;
  readonly durationMs: number;
  readonly frames: number;
  readonly key: boolean;
}

/**
 * What a recorded file holds, read from the file alone: where it came from, its codecs, and every finished fragment. The
 * wall clock of a fragment is the segment's first moment plus media time, which differs from its arrival by the network's
 * jitter. A file that was cut off anywhere gives what was finished before.
 * @returns undefined when it is not a recording of ours, or not one fragment was finished
 * @throws the file system's error
 */
export async function scanSegment(path: string, file: string): Promise<FoundSegment | undefined> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const boxes = await scanBoxes(handle, size);
    if (!boxes || boxes.fragments.length === 0) return undefined;
    const init = await readAt(handle, 0, boxes.initBytes);
    const header = await readInit(init).catch(() => undefined);
    if (!header) return undefined;
    const { origin, ...tracks } = header;
    const fragments = boxes.fragments.map(row => ({ ...row, at: origin.from + row.mediaMs }));
    const last = fragments.at(-1) as FragmentRow;
    const { vehicleId, channel, stream, headerId, plate, from } = origin;
    return {
      ...{ vehicleId, channel, stream, headerId, plate, from, file, ...tracks },
      initBytes: boxes.initBytes,
      fragments,
      to: last.at + last.durationMs,
      bytes: last.offset + last.bytes,
      frames: fragments.reduce((sum, row) => sum + row.frames, 0),
      state: last.offset + last.bytes === size ? 'complete' : 'mended',
    };
  } finally {
    await handle.close();
  }
}

async function scanBoxes(handle: FileHandle, size: number) {
  const fragments: FragmentRow[] = [];
  let initBytes = 0;
  let position = 0;
  let moof: { read: Moof; offset: number } | undefined;
  while (position + 8 <= size) {
    const head = await readAt(handle, position, Math.min(readBytes, size - position));
    const box = boxAt(head);
    if (!box || box.size < 8 || position + box.size > size) break;
    if (box.name === 'moof') {
      if (box.size > maxBoxBytes) break;
      if (initBytes === 0) initBytes = position;
      const bytes = box.size <= head.length ? head.subarray(0, box.size) : await readAt(handle, position, box.size);
      const read = readMoof(bytes);
      if (!read) break;
      moof = { read, offset: position };
    } else if (box.name === 'mdat' && moof) {
      join(fragments, moof.read, moof.offset, position + box.size);
      moof = undefined;
    } else if (initBytes === 0 && box.size > maxBoxBytes) return undefined;
    position += box.size;
  }
  return initBytes === 0 ? undefined : { initBytes, fragments };
}

/** A `moof` that begins between key frames belongs to the fragment before it. */
function join(fragments: FragmentRow[], moof: Moof, offset: number, end: number): void {
  const last = fragments.at(-1);
  const { mediaMs, durationMs, frames, key } = moof;
  if (key || !last) {
    fragments.push({ at: 0, mediaMs, durationMs, offset, bytes: end - offset, frames });
    return;
  }
  last.durationMs = mediaMs + durationMs - last.mediaMs;
  last.bytes = end - last.offset;
  last.frames += frames;
}

function boxAt(bytes: Uint8Array): { name: string; size: number } | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: view.getUint32(0), name: String.fromCharCode(...bytes.subarray(4, 8)) };
}

/** The pictures of one `moof` (ISO/IEC 14496-12 §8.8.4 to §8.8.12), as segment-writer.ts lays them out. */
function readMoof(bytes: Uint8Array): Moof | undefined {
  try {
    const cursor = new Cursor(bytes, 8);
    while (cursor.left >= 8) {
      const { name, content } = nextBox(cursor);
      const pictures = name === 'traf' ? readTraf(content) : undefined;
      if (pictures) return pictures;
    }
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ShortRead) return undefined;
    throw thrown;
  }
}

function nextBox(cursor: Cursor): { name: string; content: Cursor } {
  const size = cursor.u32();
  const name = String.fromCharCode(...cursor.bytes(4));
  return { name, content: new Cursor(cursor.bytes(size - 8)) };
}

/** @throws ShortRead */
function readTraf(traf: Cursor): Moof | undefined {
  let from = 0;
  while (traf.left >= 8) {
    const { name, content } = nextBox(traf);
    if (name === 'tfhd') {
      content.skip(4);
      if (content.u32() !== videoTrack) return undefined;
    } else if (name === 'tfdt') {
      const version = content.u8();
      content.skip(3);
      from = version === 1 ? Number(content.u64()) : content.u32();
    } else if (name === 'trun') return readTrun(content, from);
  }
  return undefined;
}

/** @throws ShortRead */
function readTrun(trun: Cursor, from: number): Moof | undefined {
  const flags = trun.u32() & 0xffffff;
  const frames = trun.u32();
  if (flags & 0x001) trun.skip(4);
  if (frames === 0 || (flags & 0x704) !== 0x700) return undefined;
  let duration = 0;
  let key = false;
  for (let i = 0; i < frames; i++) {
    duration += trun.u32();
    trun.skip(4);
    const sampleFlags = trun.u32();
    if (i === 0) key = (sampleFlags & nonSync) === 0;
    if (flags & 0x800) trun.skip(4);
  }
  const ms = 1000 / videoTimescale;
  return { mediaMs: from * ms, durationMs: duration * ms, frames, key };
}

/** Tracks and origin from `ftyp` and `moov`. */
async function readInit(init: Uint8Array) {
  const input = new Input({ source: new BufferSource(init), formats: [MP4] });
  try {
    const { comment } = await input.getMetadataTags();
    const origin = readOrigin(comment);
    const video = await input.getPrimaryVideoTrack();
    if (!origin || !video) return undefined;
    const codec: VideoCodec = (await video.getCodec()) === 'hevc' ? 'h265' : 'h264';
    const hasAudio = (await input.getPrimaryAudioTrack()) !== null;
    const [width, height] = [await video.getCodedWidth(), await video.getCodedHeight()];
    return { origin, codec, width, height, hasAudio, mime: await input.getMimeType() };
  } finally {
    input.dispose();
  }
}

function readOrigin(comment: string | undefined): SegmentOrigin | undefined {
  let value: Partial<SegmentOrigin>;
  try {
    value = JSON.parse(comment ?? '') as Partial<SegmentOrigin>;
  } catch {
    return undefined;
  }
  const { vehicleId, headerId, plate, channel, stream, from } = value ?? {};
  const isWhole =
    typeof vehicleId === 'string' &&
    typeof headerId === 'string' &&
    typeof plate === 'string' &&
    Number.isInteger(channel) &&
    Number.isFinite(from) &&
    streamKinds.includes(stream as 'main');
  return isWhole ? (value as SegmentOrigin) : undefined;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
