import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Desk } from '../ipc/desk.ts';
import { traceAt, traceHeaders } from '../trace-response.ts';
import { commandStatus } from './vehicles-api.ts';
import { answerError } from './web-api.ts';

/** Traces over HTTP, as files to save. */
export class TracesApi {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Methods of a path of this part of the door; undefined when it is not one. */
  methods(path: string): readonly string[] | undefined {
    return traceAt(path) ? ['GET', 'HEAD'] : undefined;
  }

  /** @param url of a path that `methods` named */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const asked = traceAt(url.pathname);
    if (!asked) return answerError(request, response, 404, 'unknownTrace');
    const found = await this.#desk.traceFile(asked.id, asked.format, asked.blank);
    if (!found.ok) return answerError(request, response, commandStatus(found.code), found.code, found.message);
    const { path, bytes } = found.value;
    response.writeHead(200, traceHeaders(found.value));
    if (request.method === 'HEAD' || bytes === 0) {
      response.end();
      return;
    }
    await new Promise<void>(done => pipeline(createReadStream(path, { end: bytes - 1 }), response, () => done()));
  }
}
