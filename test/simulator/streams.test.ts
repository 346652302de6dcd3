import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import type { Faults } from '../../electron/simulator/faults.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { accessUnits, ByteServer, type Said } from './byte-server.ts';

let server: ByteServer;
let fleet: Fleet;

/** A fleet of which the vehicle at `index` is online; even indices speak 2013, odd ones 2019. */
async function online(index: number, faults: Partial<Faults> = {}): Promise<Said> {
  server = await new ByteServer({ simBytes: index % 2 === 0 ? 6 : 10 }).listen();
  const to = { host: '127.0.0.1', signalPort: server.port, clock: systemClock, log: silentLog };
  fleet = new Fleet({ vehicles: index + 1, ...to, faults });
  await fleet.start();
  await server.until(() => fleet.vehicles.every(one => one.state === 'online'));
  const suffix = String(index + 1).padStart(8, '0');
  return server.until(() => server.of(0x0200).find(one => one.phone.endsWith(suffix)));
}

afterEach(async () => {
  await fleet.stop();
  await server.close();
});

function sequences(): number[] {
  return server.packets.map(one => one.sequence);
}

describe('a stream', () => {
  it('carries a SIM of six bytes over UDP for 2013, at most 950 bytes a packet, in sequence', async () => {
    const terminal = await online(0);
    expect(await server.replyTo(server.ask(terminal, 2, { udp: true }))).toBe(0);
    await server.until(() => server.packets.length > 60);
    expect(new Set(server.packets.map(one => `${one.transport} ${one.sim} ${one.channel}`))).toEqual(
      new Set(['udp 013900000001 2']),
    );
    expect(Math.max(...server.packets.map(one => one.payload.length))).toBe(950);
    expect(sequences()).toEqual(sequences().map((_, at) => at));
    for (const one of server.packets) expect(one.marker).toBe(one.part === 0 || one.part === 2);
  });

  it('carries a SIM of ten bytes over TCP for 2019', async () => {
    const terminal = await online(1);
    server.ask(terminal, 1, { tcp: true, udp: true });
    await server.until(() => server.packets.length > 40);
    expect(new Set(server.packets.map(one => `${one.transport} ${one.sim}`))).toEqual(
      new Set(['tcp 00000000013900000002']),
    );
    expect(sequences()).toEqual(sequences().map((_, at) => at));
  });

  it('begins with parameter sets and an IDR picture, then keeps the pace of real time', async () => {
    const terminal = await online(0);
    server.ask(terminal, 1, { udp: true });
    await server.until(() => accessUnits(server.packets).length >= 32);
    const units = accessUnits(server.packets);
    expect(units[0]?.key).toBe(true);
    // 00 00 00 01 67: a sequence parameter set leads
    expect(units[0]?.data.subarray(0, 5).toString('hex')).toBe('0000000167');
    expect(units.findIndex((unit, at) => at > 0 && unit.key)).toBe(30);
    const steps = units.slice(1).map((unit, at) => unit.timestamp - (units[at]?.timestamp ?? 0));
    for (const step of steps) expect([66, 67]).toContain(step);
    const firsts = server.packets.filter(one => one.part <= 1);
    expect(firsts[5]?.sinceFrame).toBe(67);
    expect(firsts[5]?.sinceKey).toBe((firsts[5]?.timestamp ?? 0) - (firsts[0]?.timestamp ?? 0));
  });

  it('carries sound between the pictures on the same counter when both are asked for', async () => {
    const terminal = await online(0);
    server.ask(terminal, 1, { udp: true, type: 0 });
    const isSound = (one: { payloadType: number }) => one.payloadType === 6;
    await server.until(() => server.packets.filter(isSound).length >= 30);
    const sound = server.packets.filter(isSound);
    expect(new Set(sound.map(one => `${one.type} ${one.part} ${one.payload.length}`))).toEqual(new Set(['3 0 160']));
    expect(sequences()).toEqual(sequences().map((_, at) => at));
    for (const [at, one] of sound.entries()) expect(one.timestamp - (sound[0]?.timestamp ?? 0)).toBe(at * 20);
    expect(new Set(sound.map(one => one.payload.toString('hex'))).size).toBeGreaterThan(20);
  });

  it('pauses, resumes with a key frame, switches to the other encoding, and closes', async () => {
    const terminal = await online(0);
    server.ask(terminal, 1, { udp: true, stream: 1 });
    await server.until(() => accessUnits(server.packets).length > 3);
    expect(await server.replyTo(server.say(terminal, 0x9102, Buffer.of(1, 2, 0, 0)))).toBe(0);
    expect(fleet.terminal(0).streams).toEqual([{ channel: 1, stream: 'sub', transport: 'udp', paused: true }]);
    const before = server.packets.length;
    expect(await server.replyTo(server.say(terminal, 0x9102, Buffer.of(1, 3, 0, 0)))).toBe(0);
    await server.until(() => accessUnits(server.packets.slice(before)).length > 2);
    expect(server.packets.slice(before).find(one => one.part <= 1)?.type).toBe(0);
    const small = accessUnits(server.packets)[0]?.data.length ?? 0;
    server.say(terminal, 0x9102, Buffer.of(1, 1, 0, 0));
    await server.until(() => accessUnits(server.packets).some(unit => unit.key && unit.data.length > 2 * small));
    expect(fleet.terminal(0).streams[0]?.stream).toBe('main');
    expect(await server.replyTo(server.say(terminal, 0x9102, Buffer.of(1, 0, 0, 0)))).toBe(0);
    expect(fleet.terminal(0).streams).toEqual([]);
  });

  it('runs both encodings of a channel at once and closes the one that is named', async () => {
    const terminal = await online(0);
    server.ask(terminal, 3, { udp: true, stream: 0 });
    expect(await server.replyTo(server.ask(terminal, 3, { udp: true, stream: 1 }))).toBe(0);
    await server.until(() => new Set(server.packets.map(one => one.source)).size === 2);
    expect(await server.replyTo(server.say(terminal, 0x9102, Buffer.of(3, 0, 0, 0)))).toBe(0);
    expect(fleet.terminal(0).streams.map(one => one.stream)).toEqual(['sub']);
    expect(await server.replyTo(server.say(terminal, 0x9102, Buffer.of(3, 0, 0, 0)))).toBe(0);
    expect(fleet.terminal(0).streams).toEqual([]);
  });

  it('cuts its media connections alone when it is told to', async () => {
    const terminal = await online(1);
    server.ask(terminal, 1, { tcp: true });
    await server.until(() => server.packets.length > 0);
    fleet.terminal(1).dropMedia();
    await server.until(() => server.mediaLinks === 0);
    expect(fleet.terminal(1).state).toBe('online');
  });

  it('ends with the 808 connection', async () => {
    const terminal = await online(1);
    server.ask(terminal, 1, { tcp: true });
    await server.until(() => server.packets.length > 0);
    fleet.terminal(1).drop();
    await server.until(() => server.mediaLinks === 0);
    expect(fleet.terminal(1).streams).toEqual([]);
  });

  it('can begin with a P frame', async () => {
    const terminal = await online(0, { beginsWithP: true });
    server.ask(terminal, 1, { udp: true });
    await server.until(() => server.packets.length > 5);
    expect(server.packets[0]?.type).toBe(1);
  });

  it('falls silent for as long as it is told to stall', async () => {
    const terminal = await online(0);
    server.ask(terminal, 1, { udp: true });
    await server.until(() => accessUnits(server.packets).length > 5);
    fleet.terminal(0).stall(0.8);
    const before = server.packets.length;
    await server.until(() => server.packets.length > before + 3);
    const units = accessUnits(server.packets);
    const steps = units.slice(1).map((unit, at) => unit.timestamp - (units[at]?.timestamp ?? 0));
    expect(Math.max(...steps)).toBeGreaterThanOrEqual(800);
  });
});
