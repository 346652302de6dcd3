import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { byteRange } from './byte-range.ts';

/** Address of the map's tiles below the page: one PMTiles archive, read in ranges. */
export const mapPath = '/map/tiles.pmtiles';

export interface MapAnswer {
  readonly status: 200 | 204 | 206 | 416;
  readonly headers: Record<string, string>;
  readonly body: Readable | undefined;
}

/** @param file the setting `mapFile`; empty, or naming nothing that can be read: 204 @param range header of the request */
export async function mapAnswer(file: string, range: string | null | undefined): Promise<MapAnswer> {
  const info = file === '' ? undefined : await stat(file).catch(() => undefined);
  if (!info?.isFile()) return { status: 204, headers: { 'cache-control': 'no-store' }, body: undefined };
  const { status, start, end, contentRange } = byteRange(range, info.size);
  const headers = {
    'content-type': 'application/vnd.pmtiles',
    'accept-ranges': 'bytes',
    'content-length': String(Math.max(0, end - start + 1)),
    'cache-control': 'private, no-cache',
    etag: `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...(contentRange && { 'content-range': contentRange }),
  };
  const isEmpty = status === 416 || end < start;
  return { status, headers, body: isEmpty ? undefined : createReadStream(file, { start, end }) };
}

/** For the window's page, whose scheme the application serves itself. */
export async function mapResponse(file: string, request: Request): Promise<Response> {
  const { status, headers, body } = await mapAnswer(file, request.headers.get('range'));
  return new Response(body ? (Readable.toWeb(body) as ReadableStream) : null, { status, headers });
}
