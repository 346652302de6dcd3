import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentPolicy } from '../../../electron/app-files.ts';
import type { FootageFile } from './footage.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const root = fileURLToPath(new URL('../../../dist/harness/', import.meta.url));
const media = fileURLToPath(new URL('../../../electron/simulator/media/', import.meta.url));
const clips: Record<string, string> = {
  '/main.h264': join(media, 'city-day-front-main.h264'),
  '/sub.h264': join(media, 'city-day-front-sub.h264'),
};

/** Serves the built harness under the policy that the console is shipped with. */
export function serveHarness(footage: readonly FootageFile[] = []): Promise<{ address: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/footage.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(footage));
      return;
    }
    const part = /^\/recordings\/segments\/(\d+)$/.exec(path);
    if (part) {
      // Files lie one after the other, cameras beside each other: see FakeArchive.
      const wanted = footage[[0, 1, 2, 0, 1, 2, 0, 2, 1, 2, 0][Number(part[1]) - 1] ?? -1];
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      if (!wanted || !range) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(206, { 'content-type': 'video/mp4' });
      createReadStream(wanted.file, { start: Number(range[1]), end: Number(range[2]) }).pipe(response);
      return;
    }
    const file = clips[path] ?? join(root, normalize(path === '/' ? '/index.html' : path));
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': contentPolicy });
    createReadStream(file).pipe(response);
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      resolve({ server, address: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/` });
    });
  });
}
