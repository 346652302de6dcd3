import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

const token = 'a-token-of-some-length-7f3a';

describe('the door', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.7'])
    it(`does not open on ${host} without a token, and says so`, async () => {
      const { code, err, out } = await ServerProcess.fails({ env: { API_HOST: host } });
      expect(code).toBe(1);
      expect(err).toMatch(/token/i);
      expect(err).not.toMatch(/\n\s+at /);
      expect(out).toBe('');
    });

  it('names the variable that is wrong', async () => {
    const { code, err } = await ServerProcess.fails({ env: { TCP_PORT: 'seven' } });
    expect(code).toBe(1);
    expect(err).toContain('TCP_PORT');
  });

  it('does not start on ports that are taken, and says which', async () => {
    const first = await ServerProcess.start();
    const taken = await ServerProcess.fails({ env: { TCP_PORT: String(first.signalPort) } });
    expect(taken.code).toBe(1);
    expect(taken.err).toContain(String(first.signalPort));
    expect(taken.err).toContain('portInUse');
    await first.stop();
  });
});

describe('a door with a token', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ env: { API_HOST: '0.0.0.0', API_TOKEN: token } });
  }, 60_000);
  afterAll(() => server?.stop());

  it('opens to it in each of its forms, and to nothing else', async () => {
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`${server.door}${path}`, { headers, redirect: 'manual' })).status;
    const pages = existsSync(new URL('../../dist/renderer/index.html', import.meta.url)) ? 200 : 404;
    for (const path of ['/', '/live-stream.html', '/api/vehicles', '/api/stream/stats', '/api/diagnostics']) {
      expect(await status(path)).toBe(401);
      expect(await status(path, { authorization: 'Bearer wrong' })).toBe(401);
      expect(await status(`${path}?token=${token}x`)).toBe(401);
      // The pages are there once the console was built.
      expect(await status(path, { authorization: `Bearer ${token}` })).toBe(path.startsWith('/api/') ? 200 : pages);
    }
    expect(await status(`/api/vehicles?token=${token}`)).toBe(200);
  });

  it('lets WebSockets in by the same rule', async () => {
    const refused = await new Promise<number>(done => {
      const socket = new WebSocket(`${server.door.replace('http', 'ws')}/ws/video`);
      socket.on('unexpected-response', (_request, response) => {
        done(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('open', () => done(101));
      socket.on('error', () => undefined);
    });
    expect(refused).toBe(401);
    const viewer = await VideoViewer.open(server.door, `?token=${token}`);
    expect(await viewer.subscribe('1', 1)).toMatchObject({ code: 'unknownTerminal' });
    await viewer.close();
  });

  it('does not write the token down', () => {
    expect(server.stdout + server.stderr).not.toContain(token);
  });
});

describe('a door on loopback', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start();
  }, 60_000);
  afterAll(() => server?.stop());

  it('answers GET and HEAD only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(`${server.door}/api/vehicles`, { method })).status).toBe(405);
    expect((await fetch(`${server.door}/api/vehicles`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${server.door}/api/nothing`)).status).toBe(404);
  });

  it('is shut to pages of other sites', async () => {
    const refused = await new Promise<number>(done => {
      const socket = new WebSocket(`${server.door.replace('http', 'ws')}/ws/video`, { origin: 'https://example.org' });
      socket.on('unexpected-response', (_request, response) => {
        done(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('open', () => done(101));
      socket.on('error', () => undefined);
    });
    expect(refused).toBe(403);
  });

  it('knows no file outside of the console', async () => {
    const { hostname, port } = new URL(server.door);
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/..%5c..%5cREADME.md',
    ]) {
      // Not by fetch, which would tidy the path up.
      const [answer] = (await once(request({ hostname, port, path }).end(), 'response')) as [IncomingMessage];
      answer.resume();
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    }
  });
});
