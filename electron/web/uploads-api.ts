import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Desk } from '../ipc/desk.ts';
import { uploadAnswer, uploadAt, uploadBody } from '../upload-response.ts';
import { answerError } from './web-api.ts';

/** Files that vehicles uploaded, over HTTP, to be saved or played. */
export class UploadsApi {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Methods of a path of this part of the door; undefined when it is not one. */
  methods(path: string): readonly string[] | undefined {
    return uploadAt(path) ? ['GET', 'HEAD'] : undefined;
  }

  /** @param url of a path that `methods` named */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const asked = uploadAt(url.pathname);
    if (!asked) return answerError(request, response, 404, 'unknownUpload');
    const found = await this.#desk.uploadFile(asked.id, asked.name);
    if (!found.ok) return answerError(request, response, 404, found.code, found.message);
    const ifRange = request.headers['if-range']?.toString();
    const { status, headers, part } = uploadAnswer(found.value, { range: request.headers.range, ifRange });
    response.writeHead(status, headers);
    if (request.method === 'HEAD' || !part) {
      response.end();
      return;
    }
    await new Promise<void>(done => pipeline(uploadBody(found.value, part), response, () => done()));
  }
}
