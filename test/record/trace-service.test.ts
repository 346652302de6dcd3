import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TappedPeer } from '../../electron/accept/traffic-tap.ts';
import { encodePacket } from '../../electron/codec/jt1078/packet.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { TraceRow, Vehicle } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { TraceService } from '../../electron/record/trace/trace-service.ts';
import { TraceTap } from '../../electron/record/trace/trace-tap.ts';
import { Tally } from '../../electron/tally.ts';
import { eventually } from '../accept/eventually.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { bytes } from '../codec/hex.ts';
import { parsePcapng } from '../codec/trace/pcapng-parser.ts';
import { vehicle } from '../ipc/small-desk.ts';

const heartbeat = bytes('7e000200000139123456780011237e');
const answer = bytes('7e8001000501391234567800000011000200a77e');
const one = '13912345678';
const other = '13900000002';

function peer(port: number, transport: 'tcp' | 'udp' = 'tcp'): TappedPeer {
  const remoteAddress = '10.0.0.9';
  return { transport, remote: `${remoteAddress}:${port}`, remoteAddress, localAddress: '10.4.2.7', localPort: 7611 };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

class Bench {
  readonly clock = new ManualClock();
  readonly tap = new TraceTap();
  readonly tally = new Tally();
  readonly told: TraceRow[] = [];
  readonly folder: string;
  readonly service: TraceService;

  private constructor(folder: string, settings: Partial<Settings>) {
    this.folder = folder;
    const vehicles = new Map<string, Vehicle>([one, other].map(id => [id, vehicle(id)]));
    this.service = new TraceService({
      ...{ folder, tap: this.tap, clock: this.clock, tally: this.tally, log: silentLog },
      settings: { ...defaultSettings(), ...settings },
      vehicle: id => vehicles.get(id.replace(/^0+/, '')),
      changed: row => this.told.push(row),
    });
  }

  static async open(settings: Partial<Settings> = {}, folder?: string): Promise<Bench> {
    const root = folder ?? join(mkdtempSync(join(tmpdir(), 'convoy-traces-')), 'traces');
    if (!folder) folders.push(join(root, '..'));
    const bench = new Bench(root, settings);
    await bench.service.open();
    return bench;
  }

  async start(id = one): Promise<TraceRow> {
    const begun = await this.service.calls['trace.start']({ vehicleId: id });
    if (!begun.ok) throw new Error(begun.message);
    return begun.value;
  }

  async stop(id = one): Promise<TraceRow> {
    const ended = await this.service.calls['trace.stop']({ vehicleId: id });
    if (!ended.ok) throw new Error(ended.message);
    return ended.value;
  }

  async capture(id: string) {
    const file = await this.service.file(id, 'pcapng', false);
    if (!file.ok) throw new Error(file.message);
    return parsePcapng(readFileSync(file.value.path)).segments;
  }
}

describe('a tap', () => {
  it('is off until a trace begins, and off again when the last has ended', async () => {
    const bench = await Bench.open();
    expect(bench.tap.isOn).toBe(false);
    await bench.start();
    await bench.start(other);
    expect(bench.tap.isOn).toBe(true);
    await bench.stop();
    expect(bench.tap.isOn).toBe(true);
    await bench.stop(other);
    expect(bench.tap.isOn).toBe(false);
  });

  it('takes of a connection that many vehicles share what is of its own', () => {
    const tap = new TraceTap();
    const seen: string[] = [];
    tap.set(one, {
      unit: (direction, from, content, { length }) => seen.push(`${direction} ${from.remote} ${content} ${length}`),
    });
    const shared = peer(1);
    tap.received(shared, one, 'signal', heartbeat);
    tap.junk(shared, Uint8Array.of(1, 2, 3));
    tap.received(shared, other, 'signal', heartbeat);
    tap.junk(shared, Uint8Array.of(4, 5));
    tap.sent(shared, answer);
    tap.sent(shared, bytes('7e80010005013900000002000000110002009e7e'));
    tap.received(shared, other, 'media', heartbeat);
    tap.closed(shared);
    tap.closed(peer(2));
    expect(seen).toEqual(['in 10.0.0.9:1 signal 15', 'in 10.0.0.9:1 junk 3', 'out 10.0.0.9:1 signal 20']);
  });

  it('takes a datagram once, however many packets are in it', () => {
    const tap = new TraceTap();
    let seen = 0;
    tap.set(one, { unit: () => seen++ });
    const datagram = Uint8Array.of(1);
    for (let packet = 0; packet < 3; packet++) tap.datagram(peer(3, 'udp'), one, datagram);
    tap.datagram(peer(3, 'udp'), one, Uint8Array.of(1));
    expect(seen).toBe(2);
  });

  it.each([6, 10])('knows whose speech it is that goes out, with a SIM of %i bytes', width => {
    const tap = new TraceTap();
    const seen: string[] = [];
    tap.set(one, { unit: (direction, _peer, content) => seen.push(`${direction} ${content}`) });
    const sim = new Uint8Array(width);
    sim.set(
      bytes('139123456780').map((_, at) => [0x01, 0x39, 0x12, 0x34, 0x56, 0x78][at]!),
      width - 6,
    );
    const packet = { payloadType: 6, sequence: 1, sim, channel: 1, dataType: 3, part: 0, timestamp: 1n };
    tap.sent(peer(4), encodePacket({ ...packet, payload: new Uint8Array(160) }));
    tap.sent(peer(4), new Uint8Array(20));
    expect(seen).toEqual(['out media']);
  });
});

describe('a trace', () => {
  it('holds what crossed the ports, with times of one clock', async () => {
    const bench = await Bench.open();
    const row = await bench.start();
    expect(row.endsAt - row.startedAt).toBe(60 * 60_000);
    const link = peer(1);
    bench.tap.received(link, one, 'signal', heartbeat);
    bench.clock.pass(250);
    bench.tap.sent(link, answer);
    bench.tap.closed(link);
    const done = await bench.stop();
    expect(done).toMatchObject({ messagesIn: 1, messagesOut: 1, connections: 1, phase: 'done', endedBy: 'operator' });
    const segments = await bench.capture(row.id);
    expect(segments.map(({ payload }) => payload.length)).toEqual([15, 20, 0]);
    expect(segments[1]!.at - segments[0]!.at).toBe(250_000n);
    expect(segments[0]!.at).toBe(BigInt(row.startedAt) * 1000n);
    expect(bench.told.at(-1)).toEqual(done);
  });

  it('ends by itself after its time', async () => {
    const bench = await Bench.open({ traceMinutes: 2 });
    const { id } = await bench.start();
    bench.clock.pass(119_000);
    expect(bench.tap.isOn).toBe(true);
    bench.clock.pass(2000);
    expect(bench.tap.isOn).toBe(false);
    await eventually('the end', () => bench.told.at(-1)?.phase === 'done');
    expect(bench.told.at(-1)).toMatchObject({ id, endedBy: 'time' });
  });

  it('ends before it is larger than it may be, and never is', async () => {
    const bench = await Bench.open({ traceMb: 1 });
    const { id } = await bench.start();
    const link = peer(1);
    const large = new Uint8Array(60_000).fill(0x30);
    for (let at = 0; at < 40; at++) bench.tap.received(link, one, 'media', large);
    expect(bench.tap.isOn).toBe(false);
    await eventually('the end', () => bench.told.at(-1)?.phase === 'done');
    const segments = await bench.capture(id);
    expect(segments).toHaveLength(16);
    expect(statSync(join(bench.folder, `${id}.pcapng`)).size).toBeLessThanOrEqual(1_000_000);
    expect(bench.tally.get('trace.full')).toBe(1);
  });

  it('ends when more waits for the disk than may', async () => {
    const bench = await Bench.open({ recordQueueBytes: 1_048_576 });
    await bench.start();
    const link = peer(1);
    // All in one turn: the disk has had no chance.
    for (let at = 0; at < 20; at++) bench.tap.received(link, one, 'media', new Uint8Array(60_000).fill(0x30));
    await eventually('the end', () => bench.told.at(-1)?.phase === 'done');
    expect(bench.told.at(-1)).toMatchObject({ endedBy: 'disk', error: { code: 'diskSlow' } });
    expect(bench.tap.isOn).toBe(false);
  });

  it('ends when its file is deleted under it, and says so', async () => {
    const bench = await Bench.open();
    const { id } = await bench.start();
    rmSync(join(bench.folder, `${id}.pcapng`));
    bench.tap.received(peer(1), one, 'signal', heartbeat);
    bench.clock.pass(1000);
    await eventually('the end', () => bench.told.at(-1)?.phase === 'done');
    expect(bench.told.at(-1)).toMatchObject({ endedBy: 'disk', error: { code: 'folderGone' } });
    expect(await bench.service.file(id, 'text', false)).toMatchObject({ ok: false, code: 'folderGone' });
  });

  it('cannot begin where there is no folder to be had, nor of a vehicle that is none', async () => {
    const root = mkdtempSync(join(tmpdir(), 'convoy-traces-'));
    folders.push(root);
    writeFileSync(join(root, 'traces'), 'a file');
    const bench = await Bench.open({}, join(root, 'traces'));
    expect((await bench.service.calls['trace.start']({ vehicleId: one })).ok).toBe(false);
    expect(bench.tap.isOn).toBe(false);
    expect(await bench.service.calls['trace.start']({ vehicleId: '999' })).toMatchObject({ code: 'unknownTerminal' });
  });

  it('gives way to a new one when it is the oldest that is over; those that run stay', async () => {
    const bench = await Bench.open({ maxTraces: 2 });
    const first = await bench.start();
    await bench.stop();
    await bench.start(other);
    const third = await bench.start();
    expect(third.id).not.toBe(first.id);
    expect(bench.service.rows().map(({ id }) => id)).not.toContain(first.id);
    expect(readdirSync(bench.folder).filter(name => name.startsWith(first.id))).toEqual([]);
    expect(bench.told).toContainEqual(expect.objectContaining({ id: first.id, ended: true }));
    await bench.stop();
    await bench.start();
    const full = await Bench.open({ maxTraces: 1 });
    await full.start();
    expect(await full.service.calls['trace.start']({ vehicleId: other })).toMatchObject({ code: 'tooManyTraces' });
  });

  it('ends with its vehicle, and with the program', async () => {
    const bench = await Bench.open();
    await bench.start();
    await bench.start(other);
    bench.service.vehicleRemoved(one);
    await eventually('the end', () => bench.told.some(row => row.endedBy === 'forgotten'));
    await bench.service.close();
    expect(bench.service.rows().map(({ endedBy }) => endedBy)).toEqual(['forgotten', 'shutdown']);
    const again = await Bench.open({}, bench.folder);
    expect(again.service.rows().map(({ endedBy }) => endedBy)).toEqual(['forgotten', 'shutdown']);
  });

  it('is not of another vehicle, and not there when it is removed', async () => {
    const bench = await Bench.open();
    const { id } = await bench.start();
    const calls = bench.service.calls;
    expect(await calls['trace.remove']({ id, vehicleId: other })).toMatchObject({ code: 'unknownTrace' });
    expect(await calls['trace.export']({ id, vehicleId: other, format: 'text', blank: true })).toMatchObject({
      ok: false,
    });
    expect(await calls['trace.remove']({ id, vehicleId: '013912345678' })).toMatchObject({ ok: true });
    expect(bench.tap.isOn).toBe(false);
    expect(await bench.service.file(id, 'text', true)).toMatchObject({ code: 'unknownTrace' });
    expect(readdirSync(bench.folder)).toEqual([]);
  });

  it('whose row is nonsense is left alone', async () => {
    const root = mkdtempSync(join(tmpdir(), 'convoy-traces-'));
    folders.push(root);
    const folder = join(root, 'traces');
    mkdirSync(folder);
    writeFileSync(join(folder, '20261123-030000-1.json'), '{"id":"20261123-030000-1"}');
    writeFileSync(join(folder, '20261123-030000-2.json'), 'no JSON');
    writeFileSync(join(folder, 'holiday.json'), '{}');
    const bench = await Bench.open({}, folder);
    expect(bench.service.rows()).toEqual([]);
    expect((await bench.start()).phase).toBe('running');
  });
});
