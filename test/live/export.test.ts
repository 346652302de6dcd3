import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportJob } from '../../electron/contract.ts';
import { hasFfmpeg, probe, shownPictures } from '../record/recorded-footage.ts';
import { recordedClip } from './clip.ts';
import { until } from './exactness.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp } from './foreign-terminal.ts';
import { framesIn, sentPlaces } from './recorded-frames.ts';
import { ConsoleSocket, RecordingClient, type SegmentEntry } from './recording-client.ts';
import { ServerProcess } from './server-process.ts';

const phone = '013990000888';
const frameMs = 40;

let dataDir: string;
let server: ServerProcess;
let client: RecordingClient;
let console: ConsoleSocket;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'convoy-export-'));
  server = await ServerProcess.start({ dataDir });
  client = new RecordingClient(server);
  console = await ConsoleSocket.open(server.door);
}, 60_000);
afterAll(async () => {
  console?.close();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function exported(from: number, to: number, channels: readonly number[]): Promise<ExportJob> {
  const cameras = channels.map(channel => ({ vehicleId: phone, channel, stream: 'main' }));
  const { id } = await console.call<ExportJob>('export.start', { from, to, cameras });
  return until('the export ended', async () => {
    const job = (await console.call<ExportJob[]>('export.list', {})).find(entry => entry.id === id);
    return job && job.state !== 'waiting' && job.state !== 'running' && job;
  });
}

describe.skipIf(!hasFfmpeg)('an export of what terminals sent (needs ffmpeg)', () => {
  it('has every picture of two cameras from the very frame, their sound, and sums that hold', async () => {
    const units = recordedClip(150);
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    const ids = [await client.start(phone, 1), await client.start(phone, 2)];
    const paths = await Promise.all(
      [1, 2].map(async channel => mediaOverTcp((await terminal.nextLiveOrder(channel)).tcpPort)),
    );
    const cameras = [1, 2].map(channel => new ForeignCamera({ sim: phone, channel, stepMs: frameMs }));
    const tone = Buffer.from(Array.from({ length: 320 }, (_, at) => (at % 16 < 8 ? 0xd5 : 0x55)));
    const begun = performance.now();
    for (const [index, unit] of units.entries()) {
      for (const [at, camera] of cameras.entries()) {
        for (const packet of camera.picture(unit)) await paths[at]!.send(packet);
        if (at === 0) await paths[at]!.send(camera.sound(tone));
      }
      const ahead = begun + (index + 1) * frameMs - performance.now();
      if (ahead > 0) await sleep(ahead);
    }
    await sleep(300);
    for (const id of ids) await client.stop(id);
    const recorded = await Promise.all([1, 2].map(channel => client.finished(phone, channel)));
    const segments = recorded[0]!;

    const start = Date.parse(segments[0]!.from) + 1500;
    const job = await exported(start, start + 3000, [1, 2]);
    expect(job.error).toBeUndefined();
    expect(job.state).toBe('done');
    const videos = job.files.filter(({ name }) => name.endsWith('.mp4')).map(({ name }) => name);
    expect(videos.length).toBeGreaterThanOrEqual(2);
    expect(new Set(videos.map(name => name.split('_')[1]))).toEqual(new Set(['1', '2']));
    for (const { name, sha256 } of job.files)
      expect(
        createHash('sha256')
          .update(readFileSync(join(job.folder, name)))
          .digest('hex'),
      ).toBe(sha256);

    for (const [at, lane] of recorded.entries()) {
      const mine = videos.filter(name => name.split('_')[1] === String(at + 1));
      const shown = mine.flatMap(name => shownPictures(join(job.folder, name)));
      const whole = wholePictures(lane);
      const first = whole.indexOf(shown[0]!);
      expect(first).toBeGreaterThan(0);
      expect(shown).toEqual(whole.slice(first, first + shown.length));
      // Recorded as they arrived: a sender that was held up has more pictures in three seconds, or fewer.
      expect(shown.length * frameMs).toBeGreaterThan(1500);
      expect(shown.length * frameMs).toBeLessThan(4500);
      for (const name of mine) {
        const { streams } = probe(join(job.folder, name));
        expect(streams[0]!.codec_name).toBe('h264');
      }
    }
    const sounds = videos.filter(name => name.split('_')[1] === '1');
    for (const name of sounds)
      expect(probe(join(job.folder, name)).streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);

    const all = await exported(start - 60_000, start + 60_000, [2]);
    const frames = await Promise.all(
      all.files
        .filter(({ name }) => name.endsWith('.mp4'))
        .map(async ({ name }) => framesIn(readFileSync(join(all.folder, name)))),
    );
    expect(sentPlaces(frames.flat(), units)).toEqual(units.map((_, index) => index));
    for (const path of paths) path.cut();
    terminal.cut();
  }, 60_000);

  it('gives the files that it lists to be saved, in ranges, and nothing else', async () => {
    const jobs = (await console.call<ExportJob[]>('export.list', {})).filter(({ state }) => state === 'done');
    const [job, other] = jobs;
    for (const { name, bytes, sha256, url } of job!.files) {
      expect(url).toBe(`exports/${job!.id}/${encodeURIComponent(name)}`);
      for (const path of [`/${url}`, `/api/${url}`]) {
        const answer = await fetch(`${server.door}${path}`);
        expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(bytes)]);
        expect(answer.headers.get('content-disposition')).toBe(
          `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        );
        const body = Buffer.from(await answer.arrayBuffer());
        expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
      }
    }
    expect(job!.files.slice(-2).map(({ name }) => name)).toEqual(['manifest.json', 'SHA256SUMS']);
    const [first, second, third] = job!.files;
    const whole = readFileSync(join(job!.folder, first!.name));
    const part = await fetch(`${server.door}/${first!.url}`, { headers: { range: 'bytes=100-199' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${whole.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(100, 200));
    const beyond = await fetch(`${server.door}/${first!.url}`, { headers: { range: `bytes=${whole.length}-` } });
    expect([beyond.status, await beyond.text()]).toEqual([416, '']);
    const head = await fetch(`${server.door}/${first!.url}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${server.door}/${first!.url}`, { method: 'DELETE' })).status).toBe(405);

    expect(existsSync(join(job!.folder, 'manifest.json')) && existsSync(join(dataDir, 'exports'))).toBe(true);
    const foreign = other!.files.find(({ name }) => job!.files.every(file => file.name !== name))!;
    const below = `/exports/${job!.id}`;
    const inside = `${job!.folder.split('/').at(-1)}/${first!.name}`;
    for (const path of [
      `${below}/manifest.txt`,
      `${below}/${encodeURIComponent(foreign.name)}`,
      `${below}/../${job!.id}x/${first!.name}`,
      `${below}/..%2F${encodeURIComponent(inside)}`,
      `${below}/.%2F${encodeURIComponent(first!.name)}`,
      `${below}/..%5C..%5Ccatalogue.sqlite`,
      `${below}/${encodeURIComponent(join(job!.folder, first!.name))}`,
      `${below}/${encodeURIComponent(first!.name)}%00`,
      `${below}/%E0%A4%A`,
      `${below}/`,
      `/exports/${inside}`,
      `/exports/00000000-0000-0000-0000-000000000000/${encodeURIComponent(first!.name)}`,
    ])
      expect([path, await rawStatus(path)]).toEqual([path, 404]);

    rmSync(join(job!.folder, second!.name));
    rmSync(join(job!.folder, third!.name));
    symlinkSync(join(job!.folder, first!.name), join(job!.folder, third!.name));
    for (const gone of [second!, third!]) {
      const answer = await fetch(`${server.door}/${gone.url}`);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'unknownExport']);
    }
  });

  it('is refused where there is no footage, and leaves no folder', async () => {
    const before = readdirSync(join(dataDir, 'exports')).length;
    const job = await exported(1000, 2000, [1]);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'noFootage' } });
    expect(readdirSync(join(dataDir, 'exports'))).toHaveLength(before);
  });
});

/** The path goes out exactly as written, unlike with fetch. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.door);
    httpRequest({ hostname, port, path, agent: false }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** As a player shows the recorded files one after the other. */
function wholePictures(segments: readonly SegmentEntry[]): string[] {
  return segments.flatMap(({ file }) => shownPictures(join(dataDir, 'recordings', file)));
}
