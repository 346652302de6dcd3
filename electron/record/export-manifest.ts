import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraKey, CoverageGap, ExportJob } from '../contract.ts';
import type { ExportedVideo } from './camera-export.ts';

/** What was asked for and what of it there was. */
export interface ManifestParts {
  readonly from: number;
  readonly to: number;
  readonly createdAt: number;
  readonly videos: readonly ExportedVideo[];
  /** Per camera: what of the stretch was never recorded, and why. */
  readonly gaps: readonly { camera: CameraKey; gaps: readonly CoverageGap[] }[];
  /** Recorded files that could not be read. */
  readonly unreadable: readonly string[];
}

/** A file as it was written. */
export type HashedFile = Omit<ExportJob['files'][number], 'url'>;

/** @throws the file system's error, or the reason of `signal` */
export async function hashFile(
  folder: string,
  name: string,
  signal: AbortSignal,
  hashed: (bytes: number) => void,
): Promise<HashedFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(folder, name), { signal, highWaterMark: 262_144 })) {
    hash.update(chunk as Buffer);
    hashed((chunk as Buffer).length);
  }
  return { name, bytes: (await stat(join(folder, name))).size, sha256: hash.digest('hex') };
}

/**
 * `manifest.json` for programs, `SHA256SUMS` for `sha256sum -c`. Times are ISO 8601 in UTC.
 * @returns both, as they were written
 * @throws the file system's error
 */
export async function writeManifest(
  folder: string,
  parts: ManifestParts,
  files: readonly HashedFile[],
): Promise<HashedFile[]> {
  const iso = (at: number) => new Date(at).toISOString();
  const manifest = {
    format: 'convoy-export',
    version: 1,
    createdAt: iso(parts.createdAt),
    from: iso(parts.from),
    to: iso(parts.to),
    videos: parts.videos.map(video => ({ ...video, from: iso(video.from), to: iso(video.to) })),
    gaps: parts.gaps.flatMap(({ camera, gaps }) =>
      gaps.map(gap => ({ camera, from: iso(gap.from), to: iso(gap.to), cause: gap.cause })),
    ),
    unreadable: parts.unreadable,
    files,
  };
  const written = async (name: string, text: string): Promise<HashedFile> => {
    const bytes = Buffer.from(text);
    await writeFile(join(folder, name), bytes);
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  return [
    await written('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`),
    await written('SHA256SUMS', files.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('')),
  ];
}
