import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentPolicy } from '../../../electron/app-files.ts';

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
export function serveHarness(): Promise<{ address: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
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
