import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { Replayer } from '../../electron/simulator/replayer.ts';
import { parsePcapng } from '../codec/trace/pcapng-parser.ts';
import { recordedClip } from './clip.ts';
import { expectExactly, until } from './exactness.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, locationBody, type MediaPath, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { node, ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** 粤B12345 */
const plate = Buffer.from('d4c1423132333435', 'hex');
const units = recordedClip(40);

interface Trace {
  id: string;
  phase: string;
  endedBy?: string;
  messagesIn: number;
  messagesOut: number;
  packetsIn: number;
  connections: number;
  bytes: number;
}

async function command<T>(server: ServerProcess, vehicle: string, name: string, args: object = {}): Promise<T> {
  const response = await fetch(`${server.door}/api/vehicles/${vehicle}/commands`, {
    method: 'POST',
    body: JSON.stringify({ command: name, args }),
  });
  const answer = (await response.json()) as { ok: boolean; value: T; message?: string };
  if (!answer.ok) throw new Error(`${name}: ${response.status} ${answer.message}`);
  return answer.value;
}

async function exported(
  server: ServerProcess,
  phone: string,
  id: string,
  format: string,
  blank: boolean,
): Promise<Buffer> {
  const made = await command<{ url: string; bytes: number; name: string }>(server, phone, 'trace.export', {
    ...{ id, format, blank },
  });
  const response = await fetch(`${server.door}/${made.url}`);
  expect(response.headers.get('content-disposition')).toContain(made.name);
  const file = Buffer.from(await response.arrayBuffer());
  expect(file.length).toBe(made.bytes);
  return file;
}

/** Sends the clip on channel 1 as soon as it is asked for, and a position before it. */
async function drive(
  terminal: ForeignTerminal,
  server: ServerProcess,
  sim: string,
  over: 'tcp' | 'udp',
): Promise<MediaPath> {
  const report = { status: 3, latitude: 22.547, longitude: 114.0859, altitude: 31, speed: 41.2, direction: 270 };
  expect(await terminal.ask(0x0200, locationBody({ ...report, time: '261123120000' }))).toBe(0);
  const order = await terminal.nextLiveOrder(1);
  const path = await (over === 'tcp' ? mediaOverTcp(order.tcpPort) : mediaOverUdp(order.udpPort));
  const camera = new ForeignCamera({ sim, channel: 1 });
  for (const unit of units) {
    for (const packet of camera.picture(unit)) await path.send(packet);
    await sleep(5);
  }
  expect(server.isRunning).toBe(true);
  return path;
}

let server: ServerProcess;
let other: ServerProcess;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-trace-'));
  server = await ServerProcess.start();
  other = await ServerProcess.start();
}, 60_000);
afterAll(async () => {
  await Promise.all([server?.stop(), other?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['2013', 'udp', '013912345678'],
  ['2019', 'tcp', '00000000013987654321'],
] as const)('a trace of a terminal of %s over %s', (dialect, over, sim) => {
  const phone = sim.replace(/^0+/, '');
  const files = new Map<string, Buffer>();

  it('takes both ways, goes on when the vehicle comes back, and is given away in both forms', async () => {
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone: sim, plate });
    await terminal.enrol();
    const begun = await command<Trace>(server, sim, 'trace.start');
    expect(begun).toMatchObject({ phase: 'running', packetsIn: 0 });
    expect((await command<Trace>(server, phone, 'trace.start')).id).toBe(begun.id);
    await terminal.ask(0x0002);
    terminal.cut();
    const again = new ForeignTerminal({ port: server.signalPort, dialect, phone: sim, plate });
    await again.enrol();
    const viewer = await VideoViewer.open(server.door);
    await viewer.subscribe(phone, 1);
    const path = await drive(again, server, sim, over);
    expectExactly(await viewer.some(phone, 1, units.length), units);
    // A frame that no one can read is of the trace as well.
    again.write(Buffer.from('7e0200deadbeef7e', 'hex'));
    await again.ask(0x0002);
    const done = await command<Trace>(server, phone, 'trace.stop');
    expect(done).toMatchObject({ id: begun.id, phase: 'done', endedBy: 'operator' });
    expect(done.messagesIn).toBeGreaterThanOrEqual(6);
    expect(done.messagesOut).toBeGreaterThanOrEqual(5);
    expect(done.packetsIn).toBeGreaterThanOrEqual(units.length);
    expect(done.connections).toBeGreaterThanOrEqual(2);
    const listed = await command<Trace[]>(server, phone, 'trace.list');
    expect(listed.map(({ id }) => id)).toContain(begun.id);
    path.cut();
    await viewer.close();
    await again.end();

    for (const format of ['pcapng', 'text'])
      for (const blank of [false, true])
        files.set(`${format} ${blank}`, await exported(server, phone, done.id, format, blank));
    const capture = parsePcapng(files.get('pcapng false')!);
    const comments = capture.segments.map(({ comment }) => comment.slice(0, 6));
    for (const name of ['0x0100', '0x8100', '0x0102', '0x8001', '0x0200', '0x9101', '0x0001', '1078', 'closed', 'junk'])
      expect(comments).toContain(name);
    const media = capture.segments.filter(({ comment }) => comment === '1078');
    expect(media.length).toBeGreaterThanOrEqual(done.packetsIn);
    expect(new Set(media.map(({ protocol }) => protocol))).toEqual(new Set([over]));
    const wanted = Buffer.concat(units.map(({ data }) => data)).subarray(5, 300);
    expect(Buffer.concat(media.map(({ payload }) => payload)).includes(wanted)).toBe(true);
  });

  it.each(['pcapng false', 'pcapng true', 'text false', 'text true'])(
    'plays into a fresh server, where it gives the same frames byte for byte: %s',
    async name => {
      const file = join(folder, `${dialect}.${name.replace(' ', '.')}`);
      writeFileSync(file, files.get(name)!);
      const isBlanked = name.endsWith('true');
      const text = files.get(name)!.toString('latin1');
      expect(text.includes(phone)).toBe(!isBlanked);
      const id = isBlanked ? '19000000001' : phone;
      for (const { id: known } of await other.vehicles()) await command(other, known, 'fleet.forget');
      const playing = Replayer.play({
        ...{ file, host: '127.0.0.1', signalPort: other.signalPort, mediaPort: other.mediaPort },
        ...{ speed: 4, patienceMs: 10_000 },
      });
      await until('the vehicle is there', async () =>
        (await other.vehicles()).some(each => each.id === id && each.position !== undefined),
      );
      const viewer = await VideoViewer.open(other.door);
      expect((await viewer.subscribe(id, 1)).type).toBe('subscribed');
      const report = await playing;
      expectExactly(await viewer.some(id, 1, units.length), units);
      expect(report).toMatchObject({ lost: 0, unasked: [] });
      expect(report.answered).toBeGreaterThanOrEqual(1);
      const [vehicle] = await other.vehicles();
      expect(vehicle?.plate === '粤B12345').toBe(!isBlanked);
      expect(vehicle?.position?.latitude).toBe(isBlanked ? 0 : 22.547);
      await viewer.close();
    },
  );
});

describe('a trace of a simulated vehicle', () => {
  it('plays into a fresh server, where its cameras give the same frames byte for byte', async () => {
    const fleet = new Fleet({
      ...{ vehicles: 1, host: '127.0.0.1', signalPort: server.signalPort, clock: systemClock, log: silentLog },
      faults: { reorderPercent: 2 },
    });
    const id = fleet.terminal(0).identity.phone.replace(/^0+/, '');
    await fleet.start();
    await until('it is online', async () =>
      (await server.vehicles()).some(each => each.id === id && each.state === 'online'),
    );
    const { id: trace } = await command<Trace>(server, id, 'trace.start');
    const viewer = await VideoViewer.open(server.door);
    for (const channel of [1, 2]) await viewer.subscribe(id, channel);
    for (const channel of [1, 2]) await viewer.some(id, channel, 40);
    await command(server, id, 'trace.stop');
    const file = join(folder, 'simulated.pcapng');
    writeFileSync(file, await exported(server, id, trace, 'pcapng', true));
    const frames = [1, 2].map(channel => viewer.frames(id, channel).map(({ data }) => data.toString('base64')));
    await viewer.close();
    await fleet.stop();

    for (const { id: known } of await other.vehicles()) await command(other, known, 'fleet.forget');
    const playing = Replayer.play({
      ...{ file, host: '127.0.0.1', signalPort: other.signalPort, mediaPort: other.mediaPort },
      ...{ speed: 2, patienceMs: 10_000 },
    });
    const name = '19000000001';
    await until('it is there', async () => (await other.vehicles()).some(each => each.id === name));
    const second = await VideoViewer.open(other.door);
    for (const channel of [1, 2]) await second.subscribe(name, channel);
    expect((await playing).unasked).toEqual([]);
    for (const channel of [1, 2]) {
      const again = (await second.some(name, channel, 30)).map(({ data }) => data.toString('base64'));
      expect(again).toEqual(frames[channel - 1]?.slice(0, again.length));
    }
    await second.close();
  }, 60_000);
});

describe('npm run replay', () => {
  const replay = (...words: string[]) =>
    promisify(execFile)(node, [join(root, 'electron/simulator/replay.ts'), ...words]);

  it('plays a file and says what came of it, or why not', async () => {
    const file = join(folder, '2013.text.true');
    const to = ['--to', `127.0.0.1:${other.signalPort}`, '--media', String(other.mediaPort), '--patience', '1'];
    const { stdout } = await replay(file, ...to, '--speed', '0');
    expect(stdout).toMatch(/^Replayed \d+ messages and \d+ packets, \d+ bytes; .*nobody asked for channel 1\n$/);
    const nonsense = join(folder, 'nonsense');
    writeFileSync(nonsense, 'GIF89a and more of it, which is no trace');
    for (const [words, why] of [
      [[nonsense], /no pcapng|a block of/],
      [[join(folder, 'absent')], /ENOENT/],
      [[file, '--speed', 'fast'], /--speed must be/],
      [[file, '--to', '127.0.0.1:1'], /ECONNREFUSED/],
    ] as const) {
      const failed = (await replay(...words).catch((thrown: unknown) => thrown)) as { code: number; stderr: string };
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/^Convoy cannot replay: /);
      expect(failed.stderr).toMatch(why);
      expect(failed.stderr).not.toMatch(/\n\s+at /);
    }
  }, 40_000);
});

describe('a trace that a limit ends', () => {
  it('is kept as far as it came, and the oldest goes when there are too many', async () => {
    const small = await ServerProcess.start({ settings: { traceMb: 1, maxTraces: 2 } });
    const terminal = new ForeignTerminal({ port: small.signalPort, dialect: '2013', phone: '013912345678' });
    await terminal.enrol();
    const { id } = await command<Trace>(small, '13912345678', 'trace.start');
    const viewer = await VideoViewer.open(small.door);
    await viewer.subscribe('13912345678', 1);
    const order = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(order.tcpPort);
    const camera = new ForeignCamera({ sim: '013912345678', channel: 1 });
    for (let round = 0; round < 60; round++)
      for (const unit of units) for (const packet of camera.picture(unit)) await path.send(packet);
    await until('the trace is over', async () => {
      const [row] = await command<Trace[]>(small, '13912345678', 'trace.list');
      return row?.endedBy === 'size' && row.bytes <= 1_000_000 && row.bytes > 900_000;
    });
    expect(parsePcapng(await exported(small, '13912345678', id, 'pcapng', false)).segments.length).toBeGreaterThan(500);
    await command(small, '13912345678', 'trace.start');
    await command(small, '13912345678', 'trace.stop');
    const last = await command<Trace>(small, '13912345678', 'trace.start');
    const rows = await command<Trace[]>(small, '13912345678', 'trace.list');
    expect(rows.map(row => row.id)).not.toContain(id);
    expect(rows).toHaveLength(2);
    expect((await fetch(`${small.door}/traces/${id}.pcapng`)).status).toBe(404);

    path.cut();
    await viewer.close();
    expect(last.phase).toBe('running');
    await small.stop();
  });

  it('ends with a program that is killed, and is there when it starts again', async () => {
    const first = await ServerProcess.start({ dataDir: mkdtempSync(join(folder, 'kept')) });
    const terminal = new ForeignTerminal({ port: first.signalPort, dialect: '2013', phone: '013912345678' });
    await terminal.enrol();
    const { id } = await command<Trace>(first, '13912345678', 'trace.start');
    await terminal.ask(0x0002);
    await until('it is on disk', async () =>
      (await exported(first, '13912345678', id, 'text', false)).includes('0x0002'),
    );
    await first.stop('SIGKILL');
    const second = await ServerProcess.start({ dataDir: first.dataDir });
    const back = new ForeignTerminal({ port: second.signalPort, dialect: '2013', phone: '013912345678' });
    await back.enrol();
    const rows = await command<Trace[]>(second, '013912345678', 'trace.list');
    expect(rows).toMatchObject([{ id, phase: 'done', endedBy: 'crash' }]);
    expect((await exported(second, '13912345678', id, 'text', false)).toString()).toContain(
      '0x8001 Platform general response',
    );
    await command(second, '13912345678', 'trace.remove', { id });
    expect(await command<Trace[]>(second, '13912345678', 'trace.list')).toEqual([]);
    await second.stop();
  });
});
