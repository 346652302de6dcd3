import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedClip } from './clip.ts';
import { until } from './exactness.ts';
import { ForeignCamera, payloadTypes, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';

const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;

/** Another encoder's H.265, cut at its access unit delimiters; empty where there is none. */
const hevc = ((): Unit[] => {
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=352x288:rate=25', '-frames:v', '60', '-c:v', 'libx265'];
  const params = ['-x265-params', 'aud=1:keyint=25:bframes=0:repeat-headers=1:log-level=none', '-f', 'hevc', '-'];
  const made = spawnSync('ffmpeg', ['-v', 'error', ...source, ...params], { maxBuffer: 1 << 26 });
  if (made.status !== 0) return [];
  const delimiter = Buffer.from([0, 0, 0, 1, 35 << 1, 1]);
  const starts: number[] = [];
  for (let at = made.stdout.indexOf(delimiter); at >= 0; at = made.stdout.indexOf(delimiter, at + 1)) starts.push(at);
  return starts.map((start, n) => {
    const data = made.stdout.subarray(start, starts[n + 1] ?? made.stdout.length);
    // A key picture is preceded by its VPS (type 32).
    return { data, key: data.includes(Buffer.from([0, 0, 0, 1, 32 << 1, 1])) };
  });
})();

interface Entry {
  id: number;
  vehicleId: string;
  headerId: string;
  channel: number;
  stream: string;
  plate: string;
  from: string;
  to: string;
  bytes: number;
  frames: number;
  state: string;
  codec: string;
  file: string;
  url: string;
}

let server: ServerProcess;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-recordings-'));
  server = await ServerProcess.start({ dataDir: folder });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function send(method: string, path: string, body?: object) {
  const response = await fetch(server.door + path, { method, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const list = (query: string) => server.get<Entry[]>(`/api/recordings?${query}`);

/** What a decoder of others makes of a file. */
function probe(path: string) {
  const words = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-of', 'json', '-show_streams', path];
  const [stream] = JSON.parse(execFileSync('ffprobe', words, { encoding: 'utf8' })).streams;
  return { codec: stream.codec_name as string, frames: Number(stream.nb_read_frames) };
}

async function stream(terminal: ForeignTerminal, units: readonly Unit[], channel: number, payloadType?: number) {
  const order = await terminal.nextLiveOrder(channel);
  const path = await mediaOverTcp(order.tcpPort);
  const sim = terminal.phone;
  const camera = new ForeignCamera({ sim, channel, stepMs: 40, ...(payloadType && { payloadType }) });
  for (const unit of units) {
    for (const packet of camera.picture(unit)) await path.send(packet);
    await sleep(2);
  }
  return path;
}

async function terminalOf(phone: string): Promise<ForeignTerminal> {
  const plate = Buffer.from('d4c1423132333435', 'hex'); // 粤B12345 in GBK
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone, plate });
  await terminal.enrol();
  return terminal;
}

describe('recording a terminal through the web door', () => {
  it('keeps every frame that was sent, and serves the file with ranges', async () => {
    const units = recordedClip(120);
    const terminal = await terminalOf('013911110001');
    const before = Date.now();
    const begun = await send('POST', '/api/recordings', { vehicleId: '013911110001', channel: 1 });
    expect(begun).toMatchObject({ status: 200, body: { id: expect.any(String), vehicleId: '013911110001' } });
    const path = await stream(terminal, units, 1);
    await until(
      'every frame is written',
      async () => (await list('vehicleId=13911110001'))[0]?.frames === units.length,
    );
    const ended = await send('DELETE', `/api/recordings/${begun.body.id}`);
    expect(ended).toMatchObject({ status: 200, body: { phase: 'stopped' } });
    const entries = await list('vehicleId=013911110001&channel=1');
    expect(entries).toHaveLength(1);
    const entry = entries[0]!;
    expect(entry).toMatchObject({ vehicleId: '013911110001', headerId: '013911110001', channel: 1, stream: 'main' });
    expect(entry).toMatchObject({ plate: '粤B12345', frames: units.length, state: 'complete', codec: 'h264' });
    expect(new Date(entry.from).toISOString()).toBe(entry.from);
    expect(Date.parse(entry.from)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(entry.to)).toBeGreaterThan(Date.parse(entry.from));
    expect(entry.file).toMatch(/^\d{4}-\d\d-\d\d\/粤B12345_13911110001\/粤B12345_1_\d{8}-\d{6}_\d{8}-\d{6}\.mp4$/);

    const whole = Buffer.from(await (await fetch(server.door + entry.url)).arrayBuffer());
    expect(whole.length).toBe(entry.bytes);
    const parts: Buffer[] = [];
    for (let at = 0; at < whole.length; at += 50_000) {
      const response = await fetch(server.door + entry.url, { headers: { range: `bytes=${at}-${at + 49_999}` } });
      expect(response.status).toBe(206);
      parts.push(Buffer.from(await response.arrayBuffer()));
    }
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    if (hasFfprobe) {
      const file = join(folder, 'fetched.mp4');
      writeFileSync(file, whole);
      expect(probe(file)).toEqual({ codec: 'h264', frames: units.length });
    }
    path.cut();
    await terminal.end();
  });

  it('serves what is finished of a file that is still written', async () => {
    const units = recordedClip(100);
    const terminal = await terminalOf('013911110002');
    const { body } = await send('POST', '/api/recordings', { vehicleId: '13911110002', channel: 2, stream: 'main' });
    const path = await stream(terminal, units, 2);
    const [entry] = await until('a growing segment', async () => {
      const entries = await list('vehicleId=13911110002');
      return entries[0] && entries[0].frames > 50 && entries;
    });
    expect(entry?.state).toBe('writing');
    const response = await fetch(`${server.door}/recordings/segments/${entry!.id}`);
    expect(response.headers.get('etag')).toBeNull();
    const growing = Buffer.from(await response.arrayBuffer());
    if (hasFfprobe) {
      const file = join(folder, 'growing.mp4');
      writeFileSync(file, growing);
      expect(probe(file).frames).toBeGreaterThan(50);
    }
    await send('DELETE', `/api/recordings/${body.id}`);
    expect((await list('vehicleId=13911110002'))[0]).toMatchObject({ frames: units.length, state: 'complete' });
    path.cut();
    await terminal.end();
  });

  it('loses no finished fragment when it is killed, and mends the file when it starts again', async () => {
    const units = recordedClip(100);
    const terminal = await terminalOf('013911110003');
    await send('POST', '/api/recordings', { vehicleId: '13911110003', channel: 1 });
    const path = await stream(terminal, units, 1);
    await until(
      'every frame is on disk',
      async () => (await list('vehicleId=13911110003'))[0]?.frames === units.length,
    );
    const [before] = await list('vehicleId=13911110003');
    await server.stop('SIGKILL');
    path.cut();
    terminal.cut();
    server = await ServerProcess.start({ dataDir: folder });
    const [entry] = await list('vehicleId=13911110003');
    expect(entry).toMatchObject({ id: before!.id, frames: units.length, state: 'mended', bytes: before!.bytes });
    expect(entry?.file).not.toContain('_recording');
    if (hasFfprobe)
      expect(probe(join(folder, 'recordings', entry!.file))).toEqual({ codec: 'h264', frames: units.length });
  });

  it('rebuilds a lost catalogue from the files', async () => {
    const before = await list('limit=1000');
    expect(before.length).toBeGreaterThanOrEqual(3);
    await server.stop();
    for (const name of readdirSync(folder)) if (name.startsWith('catalogue.db')) rmSync(join(folder, name));
    server = await ServerProcess.start({ dataDir: folder });
    const after = await until('the list is whole', async () => {
      const entries = await list('limit=1000');
      return entries.length === before.length && entries;
    });
    const told = ({ vehicleId, headerId, channel, plate, frames, bytes, file, from, codec }: Entry) => ({
      vehicleId,
      headerId,
      channel,
      plate,
      frames,
      bytes,
      file,
      from,
      codec,
    });
    expect(after.map(told)).toEqual(before.map(told));
    const fetched = await fetch(server.door + after[0]!.url);
    expect(Number(fetched.headers.get('content-length'))).toBe(after[0]!.bytes);
    await fetched.arrayBuffer();
  });

  it.skipIf(hevc.length === 0)('records H.265 as it was sent', async () => {
    const terminal = await terminalOf('013911110004');
    const { body } = await send('POST', '/api/recordings', { vehicleId: '13911110004', channel: 1 });
    const path = await stream(terminal, hevc, 1, payloadTypes.h265);
    await until('every frame is written', async () => (await list('vehicleId=13911110004'))[0]?.frames === hevc.length);
    await send('DELETE', `/api/recordings/${body.id}`);
    const [entry] = await list('vehicleId=13911110004');
    expect(entry).toMatchObject({ codec: 'h265', state: 'complete', frames: hevc.length });
    if (hasFfprobe)
      expect(probe(join(folder, 'recordings', entry!.file))).toEqual({ codec: 'hevc', frames: hevc.length });
    path.cut();
    await terminal.end();
  });
});
