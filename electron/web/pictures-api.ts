import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Desk } from '../ipc/desk.ts';
import { pictureBody, pictureHeaders } from '../picture-response.ts';
import { answerError } from './web-api.ts';

/** `GET /api/pictures/{id}`. */
export async function answerPicture(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  id: number,
): Promise<void> {
  const found = await desk.pictureFile(id);
  if (!found.ok) {
    const status = found.code === 'unknownPicture' ? 404 : 503;
    return answerError(request, response, status, found.code, found.message);
  }
  response.writeHead(200, pictureHeaders(found.value));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await new Promise<void>(done => pipeline(pictureBody(found.value), response, () => done()));
}
