import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { Result } from './contract.ts';

/** Address of a picture below the page, in the window and in a browser alike: `pictures/<number>`. */
export function pictureAt(path: string): number | undefined {
  const digits = /^\/(?:api\/)?pictures\/(\d{1,15})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface ReadablePicture {
  readonly path: string;
  readonly bytes: number;
  readonly type: string;
}

/** A vehicle named the format: nothing but a picture may be made of it. */
export function pictureHeaders({ path, bytes, type }: ReadablePicture): Record<string, string> {
  return {
    'content-type': type,
    'content-length': String(bytes),
    'cache-control': 'private, max-age=86400',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** No more than was promised, even of a file that grows meanwhile. */
export function pictureBody({ path, bytes }: ReadablePicture): Readable {
  return bytes === 0 ? Readable.from([]) : createReadStream(path, { start: 0, end: bytes - 1 });
}

/** Answers the window's page, whose scheme the application serves itself. */
export async function pictureResponse(
  request: Request,
  id: number,
  find: (id: number) => Promise<Result<ReadablePicture>>,
): Promise<Response> {
  const found = await find(id);
  if (!found.ok) return Response.json(found, { status: 404 });
  const headers = pictureHeaders(found.value);
  if (request.method === 'HEAD') return new Response(null, { status: 200, headers });
  return new Response(Readable.toWeb(pictureBody(found.value)) as ReadableStream, { status: 200, headers });
}
