import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { byteRange } from './byte-range.ts';
import type { Result } from './contract.ts';

/** Address of a recorded file below the page, in the window and in a browser alike: `recordings/segments/<number>`. */
export function segmentAt(path: string): number | undefined {
  const digits = /^\/(?:api\/)?recordings\/segments\/(\d{1,15})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A recorded file as far as it may be read now. */
export interface ReadableSegment {
  readonly path: string;
  readonly bytes: number;
  readonly isGrowing: boolean;
  /** Bytes that cannot be had any more, `to` not included. */
  readonly gone?: { readonly from: number; readonly to: number };
  /** Of what is no file: bytes `from` to `to` (not included), fewer when they went meanwhile. */
  read?(from: number, to: number): Promise<Uint8Array>;
}

/** What an answer with a recorded file, or a part of it, is made of. */
export interface SegmentAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Record<string, string>;
  /** First and last byte to send; none when undefined. */
  readonly part: { start: number; end: number } | undefined;
}

/** A growing file has no ETag: what was sent of it stays true, but is never the whole. */
export function segmentAnswer(
  segment: ReadableSegment,
  id: number,
  asked: {
    range?: string | null | undefined;
    ifRange?: string | null | undefined;
    ifNoneMatch?: string | null | undefined;
  },
): SegmentAnswer {
  const etag = segment.isGrowing ? undefined : `"${id.toString(36)}-${segment.bytes.toString(36)}"`;
  const headers: Record<string, string> = {
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'cache-control': segment.isGrowing ? 'no-store' : 'private, no-cache',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(basename(segment.path))}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(etag && { etag }),
  };
  if (etag && asked.ifNoneMatch === etag) return { status: 304, headers, part: undefined };
  const isStale = asked.ifRange && asked.ifRange !== etag;
  const { status, start, end, contentRange } = byteRange(isStale ? undefined : asked.range, segment.bytes);
  const { gone } = segment;
  if (gone && start < gone.to && end >= gone.from && gone.to > gone.from)
    return { status: 416, headers: { ...headers, 'content-length': '0' }, part: undefined };
  headers['content-length'] = String(Math.max(0, end - start + 1));
  if (contentRange) headers['content-range'] = contentRange;
  return { status, headers, part: status === 416 || end < start ? undefined : { start, end } };
}

/** The bytes of an answer's part. */
export function segmentBody(segment: ReadableSegment, { start, end }: { start: number; end: number }): Readable {
  if (!segment.read) return createReadStream(segment.path, { start, end });
  return Readable.from(readWhole(segment.read(start, end + 1)));
}

async function* readWhole(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}

/** Answers the window's page, whose scheme the application serves itself. */
export async function segmentResponse(
  request: Request,
  id: number,
  find: (id: number) => Promise<Result<ReadableSegment>>,
): Promise<Response> {
  const found = await find(id);
  if (!found.ok) return Response.json(found, { status: 404 });
  const { headers } = request;
  const answer = segmentAnswer(found.value, id, {
    range: headers.get('range'),
    ifRange: headers.get('if-range'),
    ifNoneMatch: headers.get('if-none-match'),
  });
  const { status, part } = answer;
  if (!part || request.method === 'HEAD') return new Response(null, { status, headers: answer.headers });
  const body = Readable.toWeb(segmentBody(found.value, part)) as ReadableStream;
  return new Response(body, { status, headers: answer.headers });
}
