import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import type { RecordingRow, SegmentRow } from '../../electron/contract.ts';
import { fail } from '../../electron/errors.ts';
import type { SegmentFilter } from '../../electron/ipc/desk.ts';
import { noRecordings } from '../ipc/no-recordings.ts';
import { DoorBench } from './door-bench.ts';

const benches: DoorBench[] = [];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-segments-'));
  writeFileSync(join(folder, '沪A·D7261_1.mp4'), 'ftyp0123456789abcdef');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

const at = Date.UTC(2026, 10, 23, 3);
const segment: SegmentRow = {
  id: 7,
  vehicleId: '13912345678',
  headerId: '013912345678',
  channel: 1,
  stream: 'main',
  plate: '沪A·D7261',
  from: at,
  to: at + 300_000,
  bytes: 20,
  frames: 7500,
  state: 'complete',
  codec: 'h264',
  width: 704,
  height: 576,
  hasAudio: true,
  isProtected: false,
  file: '2026-11-23/x/沪A·D7261_1.mp4',
};
const recording: RecordingRow = {
  ...{ id: 'r-1', vehicleId: '13912345678', channel: 1, stream: 'main', causes: ['manual'], phase: 'waiting' },
  ...{ startedAt: at, bytes: 0, frames: 0, lastFrameAt: 0 },
};

async function open(settings: Partial<Settings> = {}, kept: readonly SegmentRow[] = [segment]) {
  const asked: SegmentFilter[] = [];
  const started: object[] = [];
  const { calls } = noRecordings();
  const backers = noRecordings({
    calls: {
      ...calls,
      'record.start': camera => {
        started.push(camera);
        return camera.vehicleId.endsWith('13912345678') ? { ok: true, value: recording } : fail('unknownTerminal');
      },
      'record.stop': ({ id }) =>
        id === 'r-1' ? { ok: true, value: { ...recording, phase: 'stopped' } } : fail('unknownRecording', id),
    },
    segments: filter => {
      asked.push(filter);
      const { after, limit } = filter;
      const later = kept.filter(
        row => !after || row.from > after.from || (row.from === after.from && row.id > after.id),
      );
      return { ok: true, value: later.slice(0, limit) };
    },
    segmentFile: async id => {
      const path = join(folder, '沪A·D7261_1.mp4');
      if (id === 7) return { ok: true, value: { path, bytes: 20, isGrowing: false } };
      return id === 8 ? { ok: true, value: { path, bytes: 14, isGrowing: true } } : fail('unknownSegment');
    },
  });
  const bench = await DoorBench.open(settings, folder, backers);
  benches.push(bench);
  return { bench, asked, started };
}

const begin = (bench: DoorBench, body: unknown, headers: Record<string, string> = {}) =>
  bench.get('/api/recordings', headers, 'POST', typeof body === 'string' ? body : JSON.stringify(body));

describe('POST and DELETE /api/recordings', () => {
  it('begin and end a recording; the vehicle is answered as it was asked', async () => {
    const { bench, started } = await open();
    const begun = await begin(bench, { vehicleId: '013912345678', channel: 1 });
    expect(begun.status).toBe(200);
    expect(JSON.parse(begun.body)).toMatchObject({ id: 'r-1', vehicleId: '013912345678', channel: 1, stream: 'main' });
    expect(started).toEqual([{ vehicleId: '013912345678', channel: 1, stream: 'main' }]);
    await begin(bench, { vehicleId: '13912345678', channel: 255, stream: 'sub' });
    expect(started[1]).toEqual({ vehicleId: '13912345678', channel: 255, stream: 'sub' });
    const ended = await bench.get('/api/recordings/r-1', {}, 'DELETE');
    expect([ended.status, JSON.parse(ended.body).phase]).toEqual([200, 'stopped']);
  });

  it.each<[unknown, string]>([
    ['', 'no body'],
    ['{', 'no JSON'],
    ['[]', 'a list'],
    [{ vehicleId: '13912345678' }, 'no channel'],
    [{ vehicleId: '13912345678', channel: 0 }, 'channel 0'],
    [{ vehicleId: '13912345678', channel: 1.5 }, 'half a channel'],
    [{ vehicleId: 13912345678, channel: 1 }, 'a number for an id'],
    [{ vehicleId: '13912345678', channel: 1, stream: 'third' }, 'a third stream'],
    [{ vehicleId: '13912345678', channel: 1, junk: 'x'.repeat(70_000) }, 'a long body'],
  ])('refuses %j: %s', async body => {
    const { bench, started } = await open();
    const { status, body: answer } = await begin(bench, body);
    expect([status, JSON.parse(answer).code]).toEqual([400, 'badRequest']);
    expect(started).toEqual([]);
  });

  it('says what it does not know', async () => {
    const { bench } = await open();
    const unknown = await begin(bench, { vehicleId: '999', channel: 1 });
    expect([unknown.status, JSON.parse(unknown.body).code]).toEqual([404, 'unknownTerminal']);
    const gone = await bench.get('/api/recordings/nothing', {}, 'DELETE');
    expect([gone.status, JSON.parse(gone.body).code]).toEqual([404, 'unknownRecording']);
    const odd = await bench.get('/api/recordings/%E0%A4%A', {}, 'DELETE');
    expect([odd.status, JSON.parse(odd.body).code]).toEqual([400, 'badRequest']);
    const put = await bench.get('/api/recordings', {}, 'PUT', '{}');
    expect([put.status, put.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('are not for pages of others, nor without the token', async () => {
    const { bench, started } = await open();
    const origin = { origin: 'http://elsewhere.example' };
    expect((await begin(bench, { vehicleId: '13912345678', channel: 1 }, origin)).status).toBe(403);
    expect((await bench.get('/api/recordings/r-1', origin, 'DELETE')).status).toBe(403);
    const locked = await open({ webToken: 'sesame' });
    expect((await begin(locked.bench, { vehicleId: '13912345678', channel: 1 })).status).toBe(401);
    expect((await locked.bench.get('/api/recordings/segments/7')).status).toBe(401);
    expect((await locked.bench.get('/api/recordings/segments/7?token=sesame')).status).toBe(200);
    expect([...started, ...locked.started]).toEqual([]);
  });
});

describe('GET /api/recordings', () => {
  it('lists segments with ISO times and where to fetch them', async () => {
    const { bench, asked } = await open();
    const query =
      'vehicleId=013912345678&channel=1&from=2026-11-23T11:00:00%2B08:00&to=1795420800000&stream=main&limit=5';
    const { status, body } = await bench.get(`/api/recordings?${query}`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual([
      {
        ...segment,
        vehicleId: '013912345678',
        from: '2026-11-23T03:00:00.000Z',
        to: '2026-11-23T03:05:00.000Z',
        url: '/api/recordings/segments/7',
      },
    ]);
    const wanted = { vehicleId: '013912345678', channel: 1, from: at, to: 1795420800000, stream: 'main', limit: 6 };
    expect(asked).toEqual([wanted]);
    await bench.get('/api/recordings?from=2026-11-23T11:00:00+08:00');
    expect(asked[1]).toEqual({ from: at, limit: 101 });
  });

  it.each([
    'from=yesterday',
    'to=never',
    'channel=x',
    'channel=256',
    'limit=0',
    'limit=100001',
    'after=7',
    'after=x.7',
    'after=1.',
    'after=-1.7',
    'stream=third',
  ])('refuses %s', async query => {
    const { bench, asked } = await open();
    const { status, body } = await bench.get(`/api/recordings?${query}`);
    expect([status, JSON.parse(body).code, asked]).toEqual([400, 'badRequest', []]);
  });

  it('is given in pages that a link leads through, each row once', async () => {
    // Four cameras begin a file at the same moment.
    const kept = Array.from({ length: 1000 }, (_, n) => ({
      ...segment,
      id: n + 1,
      from: at + Math.floor(n / 4) * 1000,
    }));
    const { bench, asked } = await open({}, kept);
    const pages: number[][] = [];
    let path: string | undefined = '/api/recordings?vehicleId=013912345678&limit=302';
    while (path) {
      const { body, headers }: Awaited<ReturnType<DoorBench['get']>> = await bench.get(path);
      pages.push((JSON.parse(body) as { id: number }[]).map(({ id }) => id));
      path = /^<(.*)>; rel="next"$/.exec(headers.link?.toString() ?? '')?.[1];
    }
    expect(pages.map(page => page.length)).toEqual([302, 302, 302, 94]);
    expect(pages.flat()).toEqual(kept.map(({ id }) => id));
    expect(asked.every(({ vehicleId, limit }) => vehicleId === '013912345678' && limit <= 101)).toBe(true);
    const whole = await bench.get('/api/recordings?limit=1000');
    expect([JSON.parse(whole.body).length, whole.headers.link]).toEqual([1000, undefined]);
  });

  it('keeps the token out of that link', async () => {
    const kept = [segment, { ...segment, id: 8 }];
    const { bench } = await open({ webToken: 'sesame' }, kept);
    const { headers } = await bench.get('/api/recordings?limit=1&token=sesame');
    expect(headers.link).toBe(`</api/recordings?limit=1&after=${at}.7>; rel="next"`);
  });

  it('says when there is no catalogue', async () => {
    const bench = await DoorBench.open();
    benches.push(bench);
    const { status, body } = await bench.get('/api/recordings');
    expect([status, JSON.parse(body).code]).toEqual([503, 'catalogueUnavailable']);
  });
});

describe('GET /api/recordings/segments/{id}', () => {
  it.each(['/api/recordings/segments/7', '/recordings/segments/7'])('serves the file at %s', async path => {
    const { bench } = await open();
    const { status, headers, body } = await bench.get(path);
    expect([status, body]).toEqual([200, 'ftyp0123456789abcdef']);
    expect(headers).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes', 'content-length': '20' });
    expect(headers['content-disposition']).toContain("filename*=UTF-8''%E6%B2%AAA%C2%B7D7261_1.mp4");
    const head = await bench.get(path, {}, 'HEAD');
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '20']);
  });

  it('serves parts', async () => {
    const { bench } = await open();
    const part = await bench.get('/api/recordings/segments/7', { range: 'bytes=4-7' });
    expect([part.status, part.body, part.headers['content-range']]).toEqual([206, '0123', 'bytes 4-7/20']);
    const beyond = await bench.get('/api/recordings/segments/7', { range: 'bytes=20-' });
    expect([beyond.status, beyond.body, beyond.headers['content-range']]).toEqual([416, '', 'bytes */20']);
  });

  it('knows whether a client’s copy is still true', async () => {
    const { bench } = await open();
    const etag = (await bench.get('/api/recordings/segments/7')).headers.etag ?? '';
    expect((await bench.get('/api/recordings/segments/7', { 'if-none-match': etag })).status).toBe(304);
    const range = 'bytes=0-3';
    expect((await bench.get('/api/recordings/segments/7', { range, 'if-range': etag })).status).toBe(206);
    expect((await bench.get('/api/recordings/segments/7', { range, 'if-range': '"older"' })).status).toBe(200);
  });

  it('ends a file that grows where its last finished fragment ends', async () => {
    const { bench } = await open();
    const { headers, body } = await bench.get('/api/recordings/segments/8');
    expect([body, headers.etag, headers['cache-control']]).toEqual(['ftyp0123456789', undefined, 'no-store']);
    const part = await bench.get('/api/recordings/segments/8', { range: 'bytes=10-99' });
    expect([part.body, part.headers['content-range']]).toEqual(['6789', 'bytes 10-13/14']);
  });

  it.each(['/api/recordings/segments/9', '/recordings/segments/9'])('has nothing at %s', async path => {
    const { bench } = await open();
    const { status, body } = await bench.get(path);
    expect([status, JSON.parse(body).code]).toEqual([404, 'unknownSegment']);
  });

  it.each(['/api/recordings/segments/x', '/api/recordings/segments/../7', '/recordings/segments/'])(
    'is not at %s',
    async path => {
      const { bench } = await open();
      expect((await bench.get(path)).status).not.toBe(200);
    },
  );
});
