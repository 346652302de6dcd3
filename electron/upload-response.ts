import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Result } from './contract.ts';

/** What an address below the page asks for: `uploads/<id>/<name>`; also below `/api/`. */
export interface UploadAddress {
  readonly id: string;
  readonly name: string;
}

/** A name is only compared with those that the upload has; nothing is opened by what an address says. */
export function uploadAt(path: string): UploadAddress | undefined {
  const [, id, name] = /^\/(?:api\/)?uploads\/(u[0-9a-z]{1,16}-\d{1,6})\/(.{1,1000})$/.exec(path) ?? [];
  if (id === undefined || name === undefined) return undefined;
  try {
    return { id, name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

export interface ReadableUpload {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** A vehicle made and named it: it is saved, never shown as a page. */
export function uploadHeaders({ bytes, name }: ReadableUpload): Record<string, string> {
  return {
    'content-type': /\.mp4$/i.test(name) ? 'video/mp4' : 'application/octet-stream',
    'content-length': String(bytes),
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };
}

export function uploadBody({ path, bytes }: ReadableUpload): Readable {
  return bytes === 0 ? Readable.from([]) : createReadStream(path, { start: 0, end: bytes - 1 });
}

/** Answers the window's page, whose scheme the application serves itself. */
export async function uploadResponse(request: Request, found: Result<ReadableUpload>): Promise<Response> {
  if (!found.ok) return Response.json(found, { status: 404 });
  const headers = uploadHeaders(found.value);
  if (request.method === 'HEAD') return new Response(null, { headers });
  return new Response(Readable.toWeb(uploadBody(found.value)) as ReadableStream, { headers });
}
