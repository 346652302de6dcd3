import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { type ErrorCode, type Result, type SegmentRow, streamKinds } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Desk, SegmentFilter } from '../ipc/desk.ts';
import { channel, vehicleId } from '../ipc/record-schema.ts';
import { segmentAnswer, segmentAt, segmentBody } from '../segment-response.ts';
import { readJson } from './request-body.ts';
import { answerError, answerJson, answerText } from './web-api.ts';

/** Rows of one list unless asked otherwise, and at most: a month of one camera is 8640. */
const usualRows = 10_000;
const maxRows = 100_000;
/** Rows that are fetched and written in one go; between, others have their turn. */
const sliceRows = 100;

const startSchema = z.object({ vehicleId, channel, stream: z.enum(streamKinds).default('main') });

const statusOf: Partial<Record<ErrorCode, number>> = {
  badRequest: 400,
  unknownTerminal: 404,
  unknownChannel: 404,
  unknownRecording: 404,
  unknownSegment: 404,
  terminalPending: 409,
  catalogueUnavailable: 503,
  shuttingDown: 503,
};

/** A segment as the door lists it: times are ISO 8601. */
export interface SegmentEntry extends Omit<SegmentRow, 'from' | 'to'> {
  readonly from: string;
  readonly to: string;
  /** Where the file is served. */
  readonly url: string;
}

/** Recordings over HTTP: begin, end, list, fetch. */
export class RecordingsApi {
  readonly #desk: Desk;
  readonly #maxBodyBytes: number;

  constructor(desk: Desk, maxBodyBytes: number) {
    this.#desk = desk;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Methods of a path of this part of the door; undefined when it is not one. */
  methods(path: string): readonly string[] | undefined {
    if (path === '/api/recordings') return ['GET', 'HEAD', 'POST'];
    if (segmentAt(path) !== undefined) return ['GET', 'HEAD'];
    return /^\/api\/recordings\/[^/]+$/.test(path) ? ['DELETE'] : undefined;
  }

  /** @param url of a path and a method that `methods` named */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const segment = segmentAt(url.pathname);
    if (segment !== undefined) await this.#segment(request, response, segment);
    else if (request.method === 'POST') answerResult(request, response, await this.#start(request));
    else if (request.method === 'DELETE') {
      answerResult(request, response, await this.#stop(url.pathname.slice('/api/recordings/'.length)));
    } else await this.#list(request, response, url);
  }

  async #start(request: IncomingMessage): Promise<Result<object>> {
    const body = await readJson(request, this.#maxBodyBytes);
    if (!body) return fail('badRequest', 'the body is no JSON, or too long');
    const asked = startSchema.safeParse(body.value);
    if (!asked.success) return fail('badRequest', z.prettifyError(asked.error));
    const result = await this.#desk.calls['record.start'](asked.data);
    return result.ok ? { ok: true, value: { ...result.value, ...asked.data } } : result;
  }

  async #stop(word: string): Promise<Result<unknown>> {
    let id: string;
    try {
      id = decodeURIComponent(word);
    } catch {
      return fail('badRequest', 'the id cannot be decoded');
    }
    return this.#desk.calls['record.stop']({ id });
  }

  async #list(request: IncomingMessage, response: ServerResponse, { pathname, searchParams }: URL): Promise<void> {
    const filter = readFilter(searchParams);
    if (!filter.ok) return answerResult(request, response, filter);
    const asked = searchParams.get('vehicleId');
    const texts: string[] = [];
    let last = filter.value.after;
    let left = filter.value.limit;
    for (let isMore = true; isMore && left > 0; ) {
      const limit = Math.min(left, sliceRows);
      const found = this.#desk.segments({ ...filter.value, ...(last && { after: last }), limit: limit + 1 });
      if (!found.ok) return answerResult(request, response, found);
      const rows = found.value.slice(0, limit);
      for (const row of rows) texts.push(JSON.stringify(segmentEntry(asked ? { ...row, vehicleId: asked } : row)));
      last = rows.at(-1) ?? last;
      left -= limit;
      isMore = found.value.length > limit;
      if (isMore && left <= 0) response.setHeader('link', nextLink(pathname, searchParams, last!));
      await turn();
    }
    answerText(request, response, 200, `[${texts.join(',')}]`);
  }

  async #segment(request: IncomingMessage, response: ServerResponse, id: number): Promise<void> {
    const found = await this.#desk.segmentFile(id);
    if (!found.ok) return answerResult(request, response, found);
    const { range, 'if-none-match': ifNoneMatch } = request.headers;
    const ifRange = request.headers['if-range']?.toString();
    const { status, headers, part } = segmentAnswer(found.value, id, { range, ifRange, ifNoneMatch });
    response.writeHead(status, headers);
    if (!part || request.method === 'HEAD') {
      response.end();
      return;
    }
    await new Promise<void>(done => pipeline(segmentBody(found.value, part), response, () => done()));
  }
}

function readFilter(query: URLSearchParams): Result<SegmentFilter> {
  const filter: { -readonly [K in keyof SegmentFilter]: SegmentFilter[K] } = { limit: usualRows };
  const vehicle = query.get('vehicleId');
  if (vehicle) filter.vehicleId = vehicle;
  const stream = query.get('stream');
  if (stream) {
    if (stream !== 'main' && stream !== 'sub') return fail('badRequest', 'stream is main or sub');
    filter.stream = stream;
  }
  for (const [name, min, max] of [
    ['channel', 1, 255],
    ['limit', 1, maxRows],
  ] as const) {
    const text = query.get(name);
    if (!text) continue;
    const value = Number(text);
    if (!(Number.isInteger(value) && value >= min && value <= max))
      return fail('badRequest', `${name} is a whole number from ${min} to ${max}`);
    filter[name] = value;
  }
  const after = query.get('after');
  if (after) {
    const [, from, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(after) ?? [];
    if (!from || !id) return fail('badRequest', 'after is what the link to the next page says');
    filter.after = { from: Number(from), id: Number(id) };
  }
  for (const name of ['from', 'to'] as const) {
    const text = query.get(name);
    if (!text) continue;
    // A `+` of a time zone that was not escaped arrives as a blank.
    const value = /^\d+$/.test(text) ? Number(text) : Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1'));
    if (!Number.isFinite(value)) return fail('badRequest', `${name} is a time, ISO 8601 or milliseconds since 1970`);
    filter[name] = value;
  }
  return { ok: true, value: filter };
}

/** RFC 8288. Without the token: whoever follows it gives that as before. */
function nextLink(path: string, query: URLSearchParams, { from, id }: Pick<SegmentRow, 'from' | 'id'>): string {
  const next = new URLSearchParams(query);
  next.delete('token');
  next.set('after', `${from}.${id}`);
  return `<${path}?${next}>; rel="next"`;
}

function segmentEntry({ from, to, ...row }: SegmentRow): SegmentEntry {
  return {
    ...row,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    url: `/api/recordings/segments/${row.id}`,
  };
}

function answerResult(request: IncomingMessage, response: ServerResponse, result: Result<unknown>): void {
  if (result.ok) answerJson(request, response, 200, result.value);
  else answerError(request, response, statusOf[result.code] ?? 500, result.code, result.message);
}
