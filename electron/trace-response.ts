import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Result, TraceFormat } from './contract.ts';

/** What an address below the page asks for: `traces/<id>.pcapng`, `traces/<id>-blanked.txt`; also below `/api/`. */
export interface TraceAddress {
  readonly id: string;
  readonly format: TraceFormat;
  readonly blank: boolean;
}

export function traceAt(path: string): TraceAddress | undefined {
  const [, id, blanked, ending] =
    /^\/(?:api\/)?traces\/(\d{8}-\d{6}-\d{1,6})(-blanked)?\.(pcapng|txt)$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  return { id, format: ending === 'txt' ? 'text' : 'pcapng', blank: blanked !== undefined };
}

export interface ReadableTrace {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** The whole file, to be saved; one that still grows is another one each time. */
export function traceHeaders(trace: ReadableTrace): Record<string, string> {
  return {
    'content-type': trace.name.endsWith('.txt') ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    'content-length': String(trace.bytes),
    'content-disposition': `attachment; filename="${trace.name}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** Answers the window's page, whose scheme the application serves itself. */
export async function traceResponse(request: Request, found: Result<ReadableTrace>): Promise<Response> {
  if (!found.ok) return Response.json(found, { status: 404 });
  const headers = traceHeaders(found.value);
  if (request.method === 'HEAD') return new Response(null, { headers });
  // Not a byte beyond what the length says: an export may be made anew meanwhile.
  const bytes = createReadStream(found.value.path, { end: Math.max(0, found.value.bytes - 1) });
  return new Response(Readable.toWeb(bytes) as ReadableStream, { headers });
}
