import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { byteRange } from './byte-range.ts';
import type { Result } from './contract.ts';

/** What an address below the page asks for: `exports/<job id>/<file name>`; also below `/api/`. */
export interface ExportAddress {
  readonly id: string;
  readonly name: string;
}

/** A name is only compared with those that the job lists; nothing is opened by what an address says. */
export function exportAt(path: string): ExportAddress | undefined {
  const [, id, name] = /^\/(?:api\/)?exports\/([0-9a-f-]{36})\/([^/]{1,1000})$/.exec(path) ?? [];
  if (id === undefined || name === undefined) return undefined;
  try {
    return { id, name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

/** Where `exportAt` finds it again, relative to the page. */
export function exportUrl({ id, name }: ExportAddress): string {
  return `exports/${id}/${encodeURIComponent(name)}`;
}

export interface ReadableExport {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** What an answer with an exported file, or a part of it, is made of. */
export interface ExportAnswer {
  readonly status: 200 | 206 | 416;
  readonly headers: Record<string, string>;
  /** First and last byte to send; none when undefined. */
  readonly part: { start: number; end: number } | undefined;
}

function typeOf(name: string): string {
  if (/\.mp4$/i.test(name)) return 'video/mp4';
  return /\.json$/i.test(name) ? 'application/json' : 'application/octet-stream';
}

/** To be saved, never shown as a page. Without a validator `If-Range` never holds: the file is sent whole (RFC 9110 §13.1.5). */
export function exportAnswer(
  { bytes, name }: ReadableExport,
  asked: { range?: string | null | undefined; ifRange?: string | null | undefined },
): ExportAnswer {
  const { status, start, end, contentRange } = byteRange(asked.ifRange ? undefined : asked.range, bytes);
  const headers: Record<string, string> = {
    'content-type': typeOf(name),
    'content-length': String(Math.max(0, end - start + 1)),
    'accept-ranges': 'bytes',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(contentRange && { 'content-range': contentRange }),
  };
  return { status, headers, part: status === 416 || end < start ? undefined : { start, end } };
}

export function exportBody({ path }: ReadableExport, part: { start: number; end: number }): Readable {
  return createReadStream(path, part);
}

/** Answers the window's page, whose scheme the application serves itself. */
export async function exportResponse(request: Request, found: Result<ReadableExport>): Promise<Response> {
  if (!found.ok) return Response.json(found, { status: 404 });
  const answer = exportAnswer(found.value, {
    range: request.headers.get('range'),
    ifRange: request.headers.get('if-range'),
  });
  const { status, headers, part } = answer;
  if (!part || request.method === 'HEAD') return new Response(null, { status, headers });
  return new Response(Readable.toWeb(exportBody(found.value, part)) as ReadableStream, { status, headers });
}
