import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, errorCodes, type Result, type StreamRow } from '../contract.ts';
import { ConvoyError } from '../errors.ts';
import type { Desk } from '../ipc/desk.ts';

/** Headers of every answer that is not a page. */
const apiHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/** One value of `GET /api/stream/stats`. */
export interface StreamStatsEntry extends StreamRow {
  /** ISO 8601, or null before the first frame. */
  lastFrame: string | null;
}

/** Keyed by the id as the terminal's header carries it, `_`, the channel, and `_sub` for a sub stream. */
export function streamStats(rows: readonly StreamRow[]): Record<string, StreamStatsEntry> {
  const stats: Record<string, StreamStatsEntry> = {};
  for (const row of rows) {
    const { lastFrameAt } = row.status;
    const lastFrame = lastFrameAt === 0 ? null : new Date(lastFrameAt).toISOString();
    stats[`${row.headerId}_${row.channel}${row.stream === 'sub' ? '_sub' : ''}`] = { ...row, lastFrame };
  }
  return stats;
}

/** The JSON half of the door: read-only. */
export class WebApi {
  readonly #routes: Record<string, () => Promise<unknown>>;

  constructor(desk: Desk) {
    this.#routes = {
      '/api/vehicles': async () => taken(await desk.calls['fleet.list']({})),
      '/api/stream/stats': async () => streamStats(taken(await desk.calls['stream.list']({}))),
      '/api/diagnostics': async () => taken(await desk.calls['diagnostics.get']({})),
      '/api/health': async () => taken(await desk.calls['diagnostics.get']({})).health,
    };
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const route = Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
    if (!route) answerError(request, response, 404, 'badRequest', 'no such address');
    else answerJson(request, response, 200, await route());
  }
}

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new ConvoyError(result.code, result.message);
  return result.value;
}

export function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  answerText(request, response, status, JSON.stringify(value), headers);
}

/** @param text JSON already */
export function answerText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, { ...apiHeaders, ...headers, 'content-length': body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string = errorCodes[code],
  headers: Record<string, string> = {},
): void {
  answerJson(request, response, status, { ok: false, code, message }, headers);
}
