import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet, type FleetOptions } from '../../electron/simulator/fleet.ts';
import { ByteServer } from './byte-server.ts';

let server: ByteServer;
let fleet: Fleet;

async function begin(vehicles: number, more: Partial<FleetOptions> = {}, like?: ByteServer): Promise<void> {
  server = await (like ?? new ByteServer()).listen();
  fleet = new Fleet({
    vehicles,
    host: '127.0.0.1',
    signalPort: server.port,
    clock: systemClock,
    log: silentLog,
    ...more,
  });
  await fleet.start();
}

afterEach(async () => {
  await fleet.stop();
  await server.close();
});

describe('coming online', () => {
  it('registers, authenticates with the code it was given, and reports where it is', async () => {
    await begin(1);
    const registration = await server.until(() => server.of(0x0100)[0]);
    expect(registration.is2019).toBe(false);
    expect(registration.phone).toBe('013900000001');
    expect(registration.body.readUInt16BE(0)).toBe(31);
    expect(registration.body.subarray(4, 9).toString('latin1')).toBe('CONVY');
    // 2013: plate colour at 36, plate from 37 in GBK; 沪 is BBA6, · is A1A4
    expect(registration.body.subarray(37).toString('hex').toUpperCase()).toBe('BBA641A1A44437323631');
    const authentication = await server.until(() => server.of(0x0102)[0]);
    expect(authentication.body.toString('latin1')).toBe('code-013900000001');
    const location = await server.until(() => server.of(0x0200)[0]);
    expect(location.body.readUInt32BE(4)).toBe(0b11);
    expect(location.body.readUInt32BE(8) / 1e6).toBeCloseTo(31.2, 0);
    expect(location.body.readUInt32BE(12) / 1e6).toBeCloseTo(121.5, 0);
    expect(location.body.readUInt16BE(20)).toBeLessThan(360);
    const items = new Map<number, number>();
    for (let at = 28; at < location.body.length; at += 2 + (location.body[at + 1] as number))
      items.set(location.body[at] as number, location.body[at + 1] as number);
    expect([...items]).toEqual([
      [0x01, 4],
      [0x30, 1],
      [0x31, 1],
    ]);
  });

  it('speaks 2019 from every other terminal, with a phone of twenty digits', async () => {
    await begin(2);
    const authentication = await server.until(() => server.of(0x0102).find(one => one.is2019));
    expect(authentication.phone).toBe('00000000013900000002');
    const length = authentication.body[0] as number;
    expect(authentication.body.subarray(1, 1 + length).toString('latin1')).toBe('code-00000000013900000002');
    expect(authentication.body.length).toBe(1 + length + 15 + 20);
    const registration = server.of(0x0100).find(one => one.is2019);
    // 2019: plate from 76 in GBK; 粤 is D4C1
    expect(registration?.body.subarray(76).toString('hex').toUpperCase()).toBe('D4C142A1A43246393833');
  });

  it('counts serials from message to message', async () => {
    await begin(1);
    await server.until(() => server.of(0x0200)[0]);
    const serials = server.said.map(one => one.serial);
    expect(serials).toEqual(serials.map((_, at) => at));
  });

  it('gives the same plates for the same seed and others for another', async () => {
    await begin(12, { seed: 1 });
    const twin = new Fleet({
      vehicles: 12,
      host: '127.0.0.1',
      signalPort: 1,
      clock: systemClock,
      log: silentLog,
      seed: 1,
    });
    const other = new Fleet({
      vehicles: 12,
      host: '127.0.0.1',
      signalPort: 1,
      clock: systemClock,
      log: silentLog,
      seed: 2,
    });
    const plates = (of: Fleet) => of.vehicles.map(one => one.identity.plate);
    expect(plates(twin)).toEqual(plates(fleet));
    expect(plates(other)).not.toEqual(plates(fleet));
    expect(new Set(plates(fleet)).size).toBe(12);
    for (const plate of plates(fleet)) expect(plate).toMatch(/^[沪粤京浙川][A-Z]·[A-Z0-9]{5}$/);
  });

  it('registers again when its code is refused', async () => {
    let refusals = 0;
    await begin(1, {}, new ByteServer({ manners: { authenticate: () => (refusals++ === 0 ? 1 : 0) } }));
    await server.until(() => server.of(0x0200)[0]);
    expect(server.said.map(one => one.id).slice(0, 4)).toEqual([0x0100, 0x0102, 0x0100, 0x0102]);
    expect(server.links.size).toBe(1);
  });

  it('hangs up and comes back when its registration is refused', async () => {
    let tries = 0;
    const manners = { register: () => (tries++ === 0 ? { result: 4, code: '' } : { result: 0, code: 'k' }) };
    await begin(1, {}, new ByteServer({ manners }));
    await server.until(() => fleet.terminal(0).state === 'online');
    expect(server.of(0x0100)).toHaveLength(2);
  });

  it('comes back after a cut and authenticates with the code it has', async () => {
    await begin(1);
    await server.until(() => fleet.terminal(0).state === 'online');
    fleet.terminal(0).drop();
    await server.until(() => fleet.terminal(0).state === 'waiting');
    await server.until(() => fleet.terminal(0).state === 'online');
    expect(server.of(0x0100)).toHaveLength(1);
    expect(server.of(0x0102).map(one => one.body.toString())).toEqual(['code-013900000001', 'code-013900000001']);
  });

  it('does not start without its clips', async () => {
    await begin(1);
    const to = { host: '127.0.0.1', signalPort: 1, clock: systemClock, log: silentLog };
    const bare = new Fleet({ vehicles: 1, ...to, mediaDir: '/nowhere/' });
    await expect(bare.start()).rejects.toThrow('ENOENT');
    expect(bare.running).toBe(false);
  });

  it('logs out when it is stopped, and starts again', async () => {
    await begin(2);
    await server.until(() => fleet.vehicles.every(one => one.state === 'online'));
    await fleet.stop();
    expect(fleet.running).toBe(false);
    await server.until(() => server.of(0x0003).length === 2 && server.links.size === 0);
    await fleet.start();
    await server.until(() => fleet.vehicles.every(one => one.state === 'online'));
  });
});

describe('answering', () => {
  async function online() {
    await begin(1);
    return server.until(() => server.of(0x0200)[0]);
  }

  it('tells its audio and video properties', async () => {
    server.say(await online(), 0x9003, Buffer.alloc(0));
    const answer = await server.until(() => server.of(0x1003)[0]);
    // G.711A, 1 channel, 8 kHz, 16 bits, 160 bytes, output, H.264, 4, 4
    expect(answer.body.toString('hex')).toBe('06010001' + '00a0' + '0162' + '0404');
  });

  it('tells its parameters, and the report interval it was given', async () => {
    const terminal = await online();
    const set = server.say(terminal, 0x8103, Buffer.from('01' + '00000029' + '04' + '00000001', 'hex'));
    expect(await server.replyTo(set)).toBe(0);
    const query = server.say(terminal, 0x8106, Buffer.from('01' + '00000029', 'hex'));
    const answer = await server.until(() => server.of(0x0104)[0]);
    expect(answer.body.readUInt16BE(0)).toBe(query);
    expect(answer.body.subarray(2).toString('hex')).toBe('01' + '00000029' + '04' + '00000001');
    server.say(terminal, 0x8104, Buffer.alloc(0));
    const all = await server.until(() => server.of(0x0104)[1]);
    expect(all.body[2]).toBe(11);
  });

  it('answers "not supported" to what it does not know, and "failed" to a channel it has not', async () => {
    const terminal = await online();
    expect(await server.replyTo(server.say(terminal, 0x8f00, Buffer.of(1, 2)))).toBe(3);
    expect(await server.replyTo(server.ask(terminal, 9, { udp: true }))).toBe(1);
    expect(await server.replyTo(server.say(terminal, 0x9105, Buffer.of(1, 5)))).toBe(0);
  });

  it('stays silent, or refuses streams, when its faults say so', async () => {
    const terminal = await online();
    fleet.setFaults({ refusesStreams: true });
    expect(await server.replyTo(server.ask(terminal, 1, { udp: true }))).toBe(1);
    fleet.terminal(0).faults.neverAnswers = true;
    const unanswered = server.say(terminal, 0x8f00, Buffer.alloc(0));
    fleet.terminal(0).faults.neverAnswers = false;
    const answered = server.say(terminal, 0x8f01, Buffer.alloc(0));
    expect(await server.replyTo(answered)).toBe(3);
    expect(unanswered).toBeLessThan(answered);
  });

  it('sends garbage between its messages when its faults say so, and is still understood', async () => {
    const terminal = await online();
    fleet.setFaults({ signalGarbagePercent: 100 });
    for (let count = 0; count < 20; count++) server.say(terminal, 0x8f00, Buffer.alloc(0));
    await server.until(() => server.of(0x0001).length >= 10);
    expect(server.junk).toBeGreaterThan(60);
  });
});

describe('driving', () => {
  it('moves along where it is heading', async () => {
    await begin(1);
    const first = await server.until(() => server.of(0x0200)[0]);
    server.say(first, 0x8103, Buffer.from('01' + '00000029' + '04' + '00000001', 'hex'));
    await server.until(() => server.of(0x0200).length >= 4);
    const speeds = server.of(0x0200).map(one => one.body.readUInt16BE(18) / 10);
    for (const speed of speeds) expect(speed).toBeLessThan(70);
    const times = server.of(0x0200).map(one => one.body.subarray(22, 28).toString('hex'));
    expect([...times].sort()).toEqual(times);
  });
});
