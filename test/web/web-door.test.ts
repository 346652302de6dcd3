import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Settings } from '../../electron/config.ts';
import { eventually } from '../accept/eventually.ts';
import { keyFrame } from '../hub/hand-made.ts';
import { busHeaderId, busId } from '../ipc/small-desk.ts';
import { Client, DoorBench } from './door-bench.ts';

const benches: DoorBench[] = [];
let folder = '';
let staticDir = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoy-door-'));
  staticDir = join(folder, 'console');
  await mkdir(join(staticDir, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>Convoy</title>');
  await writeFile(join(staticDir, 'assets', 'main-B7_k2Lq9.js'), 'export {};');
  await writeFile(join(staticDir, 'assets', 'with space.css'), '');
  await writeFile(join(staticDir, 'icon.svg'), '<svg/>');
  await symlink(join(folder, 'secret.txt'), join(staticDir, 'link.txt'));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

async function open(settings: Partial<Settings> = {}): Promise<DoorBench> {
  const bench = await DoorBench.open(settings, staticDir);
  benches.push(bench);
  return bench;
}

const token = 'open-sesame';
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('WebDoor: the console', () => {
  it.each(['/', '/live-stream.html', '/index.html', '/?layout=9'])('is at %s', async path => {
    const { status, headers, body } = await (await open()).get(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(body).toContain('<title>Convoy</title>');
  });

  it('comes with a strict policy that lets it open its own WebSocket', async () => {
    const bench = await open();
    const { headers } = await bench.get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${bench.port} wss://127.0.0.1:${bench.port}`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
  });

  it('is kept by browsers for good where the name carries a hash, and is asked about otherwise', async () => {
    const bench = await open();
    const script = await bench.get('/assets/main-B7_k2Lq9.js');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const icon = await bench.get('/icon.svg');
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'private, no-cache' });
    const again = await bench.get('/icon.svg', { 'if-none-match': String(icon.headers.etag) });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('serves a name with a space, and an empty file', async () => {
    expect(await (await open()).get('/assets/with%20space.css')).toMatchObject({ status: 200, body: '' });
  });

  it('shows a console that was built again', async () => {
    const bench = await open();
    const path = join(staticDir, 'later.txt');
    expect((await bench.get('/later.txt')).status).toBe(404);
    await writeFile(path, 'one');
    bench.clock.pass(3000);
    expect((await bench.get('/later.txt')).body).toBe('one');
    await writeFile(path, 'three');
    expect((await bench.get('/later.txt')).body).toBe('three');
    await rm(path);
    expect((await bench.get('/later.txt')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/link.txt',
    '/assets',
    '/assets/',
    '/%00',
    '/%',
    '/index.html%00.js',
    '/nothing',
    '/__proto__',
  ])('does not lead to %s', async path => {
    const { status, body } = await (await open()).get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it('answers HEAD without a body and refuses other methods', async () => {
    const bench = await open();
    expect(await bench.get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await bench.get('/api/vehicles', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect(await bench.get('/api/vehicles', {}, method)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
  });

  it('says 404 where the console was not built', async () => {
    const bench = await DoorBench.open({}, join(folder, 'nowhere'));
    benches.push(bench);
    expect((await bench.get('/')).status).toBe(404);
    expect((await bench.get('/api/vehicles')).status).toBe(200);
  });

  it('bears nonsense instead of HTTP', async () => {
    const bench = await open();
    for (const nonsense of [
      '\x16\x03\x01\x02',
      'GET\r\n\r\n',
      'GET * HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'a'.repeat(40_000),
    ]) {
      const socket = connect(bench.port, '127.0.0.1');
      let closed = false;
      socket.on('close', () => {
        closed = true;
      });
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(nonsense);
      await eventually('the connection ends', () => closed);
    }
    expect((await bench.get('/')).status).toBe(200);
  });
});

describe('WebDoor: the API', () => {
  it('lists vehicles', async () => {
    const { status, headers, body } = await (await open()).get('/api/vehicles');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(JSON.parse(body)).toMatchObject([{ id: busId, headerId: busHeaderId, state: 'online' }, {}, {}]);
  });

  it('gives figures of streams, keyed by the id of the header, main and sub apart', async () => {
    const bench = await open();
    expect(JSON.parse((await bench.get('/api/stream/stats')).body)).toEqual({});
    const client = await bench.connect('/ws/video');
    await client.ask({ type: 'subscribe', vehicleId: busId, channel: 1 });
    await client.ask({ type: 'subscribe', vehicleId: busId, channel: 1, stream: 'sub' });
    bench.small.feed([keyFrame({ receivedAt: Date.UTC(2026, 10, 20, 6, 32, 8, 120) })]);
    const stats = JSON.parse((await bench.get('/api/stream/stats')).body);
    expect(Object.keys(stats)).toEqual([`${busHeaderId}_1`, `${busHeaderId}_1_sub`]);
    expect(stats[`${busHeaderId}_1`]).toMatchObject({
      subscribers: 1,
      lastFrame: '2026-11-20T06:32:08.120Z',
      frames: 1,
      status: { phase: 'live' },
    });
    expect(stats[`${busHeaderId}_1_sub`]).toMatchObject({ subscribers: 1, lastFrame: null });
  });

  it('gives diagnostics and health', async () => {
    const bench = await open();
    expect(JSON.parse((await bench.get('/api/diagnostics')).body)).toMatchObject({ tallies: {}, streams: [] });
    expect(JSON.parse((await bench.get('/api/health')).body)).toMatchObject({ vehiclesKnown: 2 });
  });

  it.each(['/api/', '/api/nothing', '/api/__proto__', '/api/vehicles/'])('has no %s', async path => {
    const { status, body } = await (await open()).get(path);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ ok: false, code: 'badRequest' });
  });

  it('answers 500 when the desk fails, and lives on', async () => {
    const bench = await open();
    bench.small.tally.snapshot = () => {
      throw new Error('broken');
    };
    expect((await bench.get('/api/diagnostics')).status).toBe(500);
    expect((await bench.get('/api/vehicles')).status).toBe(200);
  });
});

describe('WebDoor: who may enter', () => {
  it('does not open on an address that others reach without a token', async () => {
    for (const webHost of ['0.0.0.0', '::', '192.168.1.5', 'fleet.example'])
      await expect(new DoorBench({ webHost }).door.listen()).rejects.toMatchObject({
        code: 'settingInvalid',
        message: expect.stringContaining('webToken'),
      });
  });

  it('opens on any address with a token', async () => {
    const bench = await open({ webHost: '0.0.0.0', webToken: token });
    expect((await bench.get('/api/vehicles')).status).toBe(401);
    expect((await bench.get('/api/vehicles', { authorization: `Bearer ${token}`, host: 'fleet.example' })).status).toBe(
      200,
    );
  });

  it.each([
    [{}, '', 401],
    [{ authorization: `Bearer ${token}` }, '', 200],
    [{ authorization: `bearer ${token}` }, '', 200],
    [{ authorization: 'Bearer wrong' }, '', 401],
    [{ authorization: `Basic ${token}` }, '', 401],
    [{ authorization: 'Bearer ' }, '', 401],
    [{ authorization: `Bearer ${token}x` }, '', 401],
    [{}, `?token=${token}`, 200],
    [{}, '?token=', 401],
    [{}, '?token=wrong', 401],
    [{ cookie: `convoy=${token}` }, '', 401],
    [{ cookie: 'convoy=' }, '', 401],
  ])('with headers %j and query %s answers %i', async (headers, query, status) => {
    const bench = await open({ webToken: token });
    expect((await bench.get(`/api/vehicles${query}`, headers as Record<string, string>)).status).toBe(status);
  });

  it('guards the console too, and takes a cookie for the token of the address', async () => {
    const bench = await open({ webToken: token });
    expect((await bench.get('/')).status).toBe(401);
    const visit = await bench.get(`/live-stream.html?layout=4&token=${token}`);
    expect(visit).toMatchObject({ status: 303, headers: { location: '/live-stream.html?layout=4' } });
    const [cookie] = visit.headers['set-cookie']!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(token);
    const headers = { cookie: `other=1; ${cookie!.split(';')[0]}` };
    expect((await bench.get('/', headers)).status).toBe(200);
    expect((await bench.connect('/ws/video', { headers })).opened).toBe(true);
  });

  it('asks a browser for the token on a page of its own, and programs in JSON', async () => {
    const bench = await open({ webToken: token });
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const page = await bench.get('/live-stream.html?layout=4&x=%22%3E%3Cscript%3E&token=wrong', { accept });
    expect(page).toMatchObject({ status: 401, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(page.body).toContain('<input type="hidden" name="layout" value="4">');
    expect(page.body).toContain('This token is wrong');
    expect(page.body).not.toContain('<script');
    expect(page.body).not.toContain('value="wrong"');
    expect((await bench.get('/', { accept })).body).not.toContain('wrong');
    const answer = await bench.get('/api/vehicles', { accept });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'unauthorized' });
    expect((await bench.get('/', { accept: '*/*' })).headers['www-authenticate']).toBe('Bearer');
  });

  it('keeps the token it opened with until it is opened anew', async () => {
    const bench = await open({ webToken: token });
    const visit = await bench.get(`/?token=${token}`);
    const cookie = visit.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    Object.assign(bench.small.settings, { webToken: 'another' });
    expect((await bench.get('/api/vehicles', { cookie })).status).toBe(200);
    expect((await bench.get('/api/vehicles?token=another')).status).toBe(401);
  });

  it('asks WebSockets for the token', async () => {
    const bench = await open({ webToken: token });
    for (const path of ['/ws/video', '/ws/console', '/ws/video?token=wrong'])
      expect((await bench.connect(path)).refused).toBe(401);
    for (const path of [`/ws/video?token=${token}`, `/ws/console?token=${token}`])
      expect((await bench.connect(path)).opened).toBe(true);
    const headers = { authorization: `Bearer ${token}` };
    expect((await bench.connect('/ws/video', { headers })).opened).toBe(true);
    expect(bench.small.tally.get('web.unauthorized')).toBe(3);
  });

  it('lets no page of another origin open a WebSocket', async () => {
    const bench = await open();
    const own = `http://127.0.0.1:${bench.port}`;
    for (const origin of [
      'http://evil.example',
      'null',
      'file://',
      `http://127.0.0.1:${bench.port + 1}`,
      'app://convoy',
      '',
    ])
      expect((await bench.connect('/ws/console', { headers: { origin } })).refused).toBe(403);
    expect((await bench.connect('/ws/console', { headers: { origin: own } })).opened).toBe(true);
    expect((await bench.connect('/ws/console')).opened).toBe(true);
  });

  it('answers no other name while it is bound to loopback', async () => {
    const bench = await open();
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '192.168.1.5:3000',
      'local host',
    ]) {
      expect((await bench.get('/api/vehicles', { host })).status).toBe(403);
      expect((await bench.connect('/ws/video', { headers: { host } })).refused).toBe(403);
    }
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1', '127.1.2.3:99', '[::1]:3000'])
      expect((await bench.get('/api/vehicles', { host })).status).toBe(200);
  });
});

describe('WebDoor: its life', () => {
  it('has a ceiling on clients', async () => {
    const bench = await open({ maxWebClients: 2 });
    const [first] = [await bench.connect('/ws/video'), await bench.connect('/ws/console')];
    expect((await bench.connect('/ws/video')).refused).toBe(503);
    first.socket.close();
    await eventually('room', () => bench.door.clients === 1);
    expect((await bench.connect('/ws/video')).opened).toBe(true);
  });

  it('has no other WebSockets', async () => {
    expect((await (await open()).connect('/ws/other')).refused).toBe(404);
  });

  it('tells clients when it closes', async () => {
    const bench = await open();
    const video = await bench.connect('/ws/video');
    const console = await bench.connect('/ws/console');
    await bench.door.close();
    await eventually('both are told', () => video.closeCode !== 0 && console.closeCode !== 0);
    expect([video.closeCode, console.closeCode]).toEqual([1001, 1001]);
    await expect(bench.get('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes although a client does not read', async () => {
    const bench = await open();
    const client = await bench.connect('/ws/video');
    client.socket.pause();
    await bench.door.close();
    await eventually('it is gone', () => bench.door.clients === 0);
  });

  it('says when its port is taken', async () => {
    const bench = await open();
    await expect(new DoorBench({ webPort: bench.port }).door.listen()).rejects.toMatchObject({ code: 'portInUse' });
  });

  it.skipIf(!hasOpenssl)('speaks TLS with a certificate (needs openssl to make one)', async () => {
    const [webCertificate, webKey] = [join(folder, 'door.pem'), join(folder, 'door.key')];
    const subject = ['-subj', '/CN=localhost', '-days', '1', '-keyout', webKey, '-out', webCertificate];
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...ec, '-nodes', ...subject], { stdio: 'ignore' });
    const bench = await open({ webCertificate, webKey, webToken: token });
    const visit = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: bench.port, path: `/?token=${token}`, rejectUnauthorized: false };
      get({ ...options, agent: false }, resolve).on('error', reject);
    });
    visit.resume();
    expect(visit.statusCode).toBe(303);
    expect(visit.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
    const url = `wss://127.0.0.1:${bench.port}/ws/video?token=${token}`;
    const client = new Client(new WebSocket(url, { rejectUnauthorized: false }));
    bench.clients.push(client);
    await eventually('a connection', () => client.opened);
    await client.ask({ type: 'subscribe', vehicleId: busId, channel: 1 });
    bench.small.feed([keyFrame({ bytes: 100_000 })]);
    expect(await client.hear()).toMatchObject({ type: 'frame', size: keyFrame({ bytes: 100_000 }).data.byteLength });
  });

  it('says what is wrong with a certificate', async () => {
    const webCertificate = join(folder, 'none.pem');
    await expect(new DoorBench({ webCertificate }).door.listen()).rejects.toMatchObject({ code: 'settingInvalid' });
    await expect(new DoorBench({ webCertificate, webKey: webCertificate }).door.listen()).rejects.toMatchObject({
      code: 'settingInvalid',
    });
    const secret = join(folder, 'secret.txt');
    await expect(new DoorBench({ webCertificate: secret, webKey: secret }).door.listen()).rejects.toMatchObject({
      code: 'settingInvalid',
    });
  });
});
