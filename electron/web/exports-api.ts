import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { exportAnswer, exportAt, exportBody } from '../export-response.ts';
import type { Desk } from '../ipc/desk.ts';
import { answerError } from './web-api.ts';

/** Files of finished exports, over HTTP, to be saved. */
export class ExportsApi {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Methods of a path of this part of the door; undefined when it is not one. */
  methods(path: string): readonly string[] | undefined {
    return exportAt(path) ? ['GET', 'HEAD'] : undefined;
  }

  /** @param url of a path that `methods` named */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const asked = exportAt(url.pathname);
    if (!asked) return answerError(request, response, 404, 'unknownExport');
    const found = await this.#desk.exportFile(asked.id, asked.name);
    if (!found.ok) return answerError(request, response, 404, found.code, found.message);
    const { range, 'if-range': ifRange } = request.headers;
    const { status, headers, part } = exportAnswer(found.value, { range, ifRange: ifRange?.toString() });
    response.writeHead(status, headers);
    if (!part || request.method === 'HEAD') {
      response.end();
      return;
    }
    await new Promise<void>(done => pipeline(exportBody(found.value, part), response, () => done()));
  }
}
