import { readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { CameraKey, TrackPoint } from '../contract.ts';
import { ExportFile } from './export-file.ts';
import { captions, clockTable, type FileMark, sidecarRows } from './export-sidecar.ts';
import type { FootagePiece } from './footage-piece.ts';
import { segmentStem, timeName } from './segment-name.ts';
import { SegmentReader } from './segment-reader.ts';

/** Packets between two turns of the event loop: under a millisecond of work. */
const packetsPerTurn = 12;

/** What the manifest says of one exported video. */
export interface ExportedVideo {
  readonly name: string;
  /** Its sidecars. */
  readonly captions: string;
  readonly clock: string;
  readonly camera: CameraKey;
  readonly plate: string;
  /** Wall clock of the first shown frame, and of the end of the last. */
  readonly from: number;
  readonly to: number;
  readonly frames: number;
  /** Pictures before the first shown one: the key frame it is decoded from and what lies between. */
  readonly leadFrames: number;
  readonly codec: string;
  readonly hasAudio: boolean;
  /** Files of the recordings folder it was made from. */
  readonly sources: readonly string[];
  /** True when a recorded file ended before its catalogue said so. */
  readonly cutShort: boolean;
}

export interface CameraExportParts {
  readonly camera: CameraKey;
  readonly pieces: readonly FootagePiece[];
  readonly track: readonly TrackPoint[];
  /** The recordings folder, and where the export goes. */
  readonly recordings: string;
  readonly folder: string;
  /** Ends the work between two packets. */
  readonly signal: AbortSignal;
  /** A file was created in `folder`; it is to be removed when the export does not come to its end. */
  created(name: string): void;
  /** Bytes of packets copied since the last call. */
  copied(bytes: number): void;
  /** A recorded file could not be read at all. */
  unreadable(file: string, error: unknown): void;
}

/**
 * One camera of an export. A new file begins after a gap and wherever the parameter sets of the picture or the kind of the
 * sound change, since a plain MP4 has one of each.
 */
export class CameraExport {
  readonly #parts: CameraExportParts;
  readonly videos: ExportedVideo[] = [];
  #file:
    | { out: ExportFile; stem: string; plate: string; marks: FileMark[]; sources: string[]; cutShort: boolean }
    | undefined;

  constructor(parts: CameraExportParts) {
    this.#parts = parts;
  }

  /** @throws the file system's error of the export folder, or the reason of `signal` */
  async run(): Promise<void> {
    try {
      for (const piece of this.#parts.pieces) await this.#piece(piece);
      await this.#finish();
    } catch (thrown) {
      await this.#file?.out.abandon().catch(() => undefined);
      throw thrown;
    }
  }

  async #piece(piece: FootagePiece): Promise<void> {
    const reader = await this.#open(piece.segment.file);
    if (!reader) return;
    try {
      const zero = await reader.firstFrame(piece.fromMs);
      if (zero === undefined || zero * 1000 >= piece.toMs) return;
      const out = this.#file?.out;
      const fits =
        out &&
        !piece.afterGap &&
        out.video.key === reader.video.key &&
        (!out.audio || !reader.audio || out.audio.key === reader.audio.key) &&
        (out.audio !== undefined || reader.audio === undefined);
      if (!fits) {
        await this.#finish();
        await this.#begin(piece, reader, zero);
      }
      await this.#copy(piece, reader, zero, fits ? out.duration + piece.pauseMs / 1000 : 0);
    } finally {
      reader.close();
    }
  }

  async #open(file: string): Promise<SegmentReader | undefined> {
    try {
      return await SegmentReader.open(join(this.#parts.recordings, file));
    } catch (thrown) {
      this.#parts.unreadable(file, thrown);
      return undefined;
    }
  }

  async #begin(piece: FootagePiece, reader: SegmentReader, zero: number): Promise<void> {
    const { camera, folder, created } = this.#parts;
    const at = piece.at + Math.round(zero * 1000 - piece.fromMs);
    const title = titleOf(piece.segment.plate || camera.vehicleId, camera.channel);
    const stem = freeStem(folder, { ...camera, plate: piece.segment.plate, from: at });
    const name = `${stem}_unfinished.mp4`;
    created(name);
    const out = new ExportFile({
      path: join(folder, name),
      title,
      at,
      video: reader.video,
      audio: reader.audio,
      most: this.#most(),
    });
    this.#file = { out, stem, plate: piece.segment.plate, marks: [], sources: [], cutShort: false };
    await out.start();
  }

  /** Of all that is exported of the camera: more than any one file of it. */
  #most(): { pictures: number; seconds: number } {
    const { pieces } = this.#parts;
    const frames = new Map(pieces.map(({ segment }) => [segment.id, segment.frames]));
    const pictures = [...frames.values()].reduce((sum, count) => sum + count, 0);
    return { pictures, seconds: pieces.reduce((sum, piece) => sum + (piece.toMs - piece.fromMs) / 1000 + 10, 0) };
  }

  async #copy(piece: FootagePiece, reader: SegmentReader, zero: number, start: number): Promise<void> {
    const file = this.#file;
    if (!file) return;
    const { signal, copied } = this.#parts;
    const shift = start - zero;
    for (const { mediaMs, at } of piece.marks) {
      const seconds = mediaMs / 1000 + shift;
      if (seconds >= start) file.marks.push({ seconds, at });
      else file.marks.push({ seconds: start, at: at + Math.round((start - seconds) * 1000) });
    }
    file.sources.push(piece.segment.file);
    let waiting = packetsPerTurn;
    for await (const media of reader.packets(zero, piece.toMs)) {
      await file.out.add(media, shift);
      copied(media.packet.byteLength);
      if (--waiting > 0) continue;
      waiting = packetsPerTurn;
      await turn();
      signal.throwIfAborted();
    }
    file.cutShort ||= reader.cutShort;
  }

  async #finish(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    const { camera, folder, track, created } = this.#parts;
    const { out, stem, plate, marks, sources, cutShort } = file;
    await out.finish();
    const last = marks.at(-1) ?? { seconds: 0, at: out.at };
    const to = last.at + Math.round((out.duration - last.seconds) * 1000);
    const name = `${stem}_${timeName(to)}`;
    await rename(out.path, join(folder, `${name}.mp4`));
    const rows = sidecarRows(marks, track, out.duration);
    const title = titleOf(plate || camera.vehicleId, camera.channel);
    created(`${name}.mp4`);
    created(`${name}.srt`);
    created(`${name}.csv`);
    await writeFile(join(folder, `${name}.srt`), captions(rows, out.duration, title));
    await writeFile(join(folder, `${name}.csv`), clockTable(rows));
    this.videos.push({
      name: `${name}.mp4`,
      captions: `${name}.srt`,
      clock: `${name}.csv`,
      camera,
      plate,
      from: out.at,
      to,
      frames: out.frames,
      leadFrames: out.leadFrames,
      codec: out.video.decoder.codec,
      hasAudio: out.audio !== undefined,
      sources,
      cutShort,
    });
  }
}

function titleOf(who: string, channel: number): string {
  return `${who} CH${channel}`;
}

/** A stem of which no file is there yet, neither finished nor begun. */
function freeStem(folder: string, naming: Parameters<typeof segmentStem>[0]): string {
  for (let attempt = 0; ; attempt++) {
    const stem = segmentStem(naming, attempt);
    if (!readdirSync(folder).some(name => name.startsWith(`${stem}_`))) return stem;
  }
}
