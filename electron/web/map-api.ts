import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { mapAnswer } from '../map-response.ts';

/** `GET /map/tiles.pmtiles`, in ranges. */
export async function answerMap(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await mapAnswer(file, request.headers.range);
  response.writeHead(status, headers);
  if (!body || request.method === 'HEAD') {
    body?.destroy();
    response.end();
    return;
  }
  await new Promise<void>(done => pipeline(body, response, () => done()));
}
