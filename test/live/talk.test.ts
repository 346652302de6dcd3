import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './exactness.ts';
import { ForeignTalk, fromALaw, shareOfTone, type TalkPacket } from './foreign-talk.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { TalkClient } from './talk-client.ts';

/** 0x1003 of an ES500: G.711A, one channel, 8 kHz, 16 bits, 80 bytes of sound, output, H.264, one sound, four pictures. */
const es500 = '06010001005001620104';
const cab = Buffer.alloc(80, 0xd5);

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** What ffmpeg makes of AAC in ADTS: samples at its own rate. */
function decoded(packets: readonly TalkPacket[], rate: number): number[] {
  const words = ['-v', 'error', '-f', 'aac', '-i', 'pipe:0', '-f', 's16le', '-ac', '1', '-ar', `${rate}`, 'pipe:1'];
  const run = spawnSync('ffmpeg', words, { input: Buffer.concat(packets.map(({ payload }) => payload)) });
  expect(run.stderr.toString()).toBe('');
  const { buffer, byteOffset, length } = run.stdout;
  return [...new Int16Array(buffer.slice(byteOffset, byteOffset + length))];
}

let server: ServerProcess;
let console1: TalkClient;
beforeAll(async () => {
  server = await ServerProcess.start({ settings: { talkOpenMs: 5000, talkBufferMs: 5000, commandTimeoutMs: 1500 } });
  console1 = await TalkClient.open(server.door);
}, 60_000);
afterAll(async () => {
  console1?.close();
  await server?.stop();
});

async function enrolled(phone: string, dialect: '2013' | '2019', mediaProperties = es500): Promise<ForeignTerminal> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone, mediaProperties });
  await terminal.enrol();
  const id = phone.replace(/^0+/, '');
  await until('its 0x1003 is known', async () => {
    const list = (await server.vehicles()) as { id: string; capabilities?: object }[];
    return list.some(vehicle => vehicle.id === id && vehicle.capabilities);
  });
  return terminal;
}

function expectSpeech(packets: readonly TalkPacket[], frameBytes: number, frameMs: number): void {
  const payloads = new Set(packets.map(({ payload }) => payload.length));
  expect([...payloads]).toEqual([frameBytes]);
  expect(packets.map(({ sequence }) => sequence)).toEqual(packets.map((_, at) => at));
  expect(new Set(packets.map(({ payloadType, type, channel }) => `${payloadType} ${type} ${channel}`))).toEqual(
    new Set(['6 48 1']),
  );
  const steps = packets.slice(1).map(({ ms }, at) => ms - packets[at]!.ms);
  expect(new Set(steps)).toEqual(new Set([frameMs]));
  const samples = packets.flatMap(({ payload }) => fromALaw(payload)).slice(800, 7200);
  expect(shareOfTone(samples, 500)).toBeGreaterThan(0.98);
}

describe.each([
  { dialect: '2013' as const, sim: '013900000201', transport: 'TCP' as const },
  { dialect: '2019' as const, sim: '00000000013900000202', transport: 'TCP' as const },
  { dialect: '2019' as const, sim: '013900000203', transport: 'UDP' as const },
])(
  'a terminal of $dialect with a SIM of $sim.length digits that is talked with over $transport',
  ({ dialect, sim, transport }) => {
    it('hears the operator in its own coding and frame length, and is heard', async () => {
      const id = sim.replace(/^0+/, '');
      const terminal = await enrolled(dialect === '2013' ? id.padStart(12, '0') : id.padStart(20, '0'), dialect);
      const talk = await console1.talk('talk', [id]);
      expect(talk.rows).toMatchObject([{ vehicleId: id, mode: 'talk', phase: 'opening' }]);
      const order = await terminal.nextLiveOrder(1);
      expect(order).toMatchObject({ dataType: 2, channel: 1, tcpPort: server.mediaPort, udpPort: server.mediaPort });
      const line =
        transport === 'TCP'
          ? await ForeignTalk.overTcp(order.tcpPort, sim, 1)
          : await ForeignTalk.overUdp(order.udpPort, sim, 1);
      line.say(6, cab);
      await console1.phase(talk.talk, id, 'ready');
      await console1.speak(talk.subscription, 500, 1000);
      await until('a second of sound', () => line.packets.length >= 100);
      expect(line.fault).toBeUndefined();
      expect(new Set(line.packets.map(packet => packet.sim))).toEqual(new Set([sim]));
      expectSpeech(line.packets, 80, 10);
      line.say(6, cab);
      await until('the cab is heard', () => talk.port.sounds.length === 2);
      expect(talk.port.sounds[0]).toEqual({ payloadType: 6, data: cab });
      console1.up(talk.subscription, { type: 'close' });
      const closing = await terminal.next(0x9102);
      expect([...closing.body]).toEqual([1, 4, 0, 0]);
      line.cut();
      await terminal.end();
    });
  },
);

describe.each([
  { dialect: '2013' as const, phone: '013900000271' },
  { dialect: '2019' as const, phone: '00000000013900000272' },
])('a terminal of $dialect that talks on its signalling connection', ({ dialect, phone }) => {
  it('is spoken to there, between its messages', async () => {
    const id = phone.replace(/^0+/, '');
    const terminal = await enrolled(phone, dialect);
    const line = ForeignTalk.over(phone, 1, bytes => terminal.write(bytes));
    terminal.hears(packet => line.take(packet));
    const talk = await console1.talk('talk', [id]);
    await terminal.nextLiveOrder(1);
    line.say(6, cab);
    await console1.phase(talk.talk, id, 'ready');
    const beats = Array.from({ length: 5 }, () => terminal.ask(0x0002));
    await console1.speak(talk.subscription, 500, 1000);
    expect(await Promise.all(beats)).toEqual([0, 0, 0, 0, 0]);
    await until('a second of sound', () => line.packets.length >= 100);
    expectSpeech(line.packets, 80, 10);
    console1.up(talk.subscription, { type: 'close' });
    expect([...(await terminal.next(0x9102)).body]).toEqual([1, 4, 0, 0]);
    expect(terminal.isClosed).toBe(false);
    await terminal.end();
  });
});

describe('a HiSilicon recorder with IMA ADPCM', () => {
  it('hears packets of its own kind: four bytes before the state, 168 in all, 40 ms', async () => {
    const terminal = await enrolled('013900000281', '2013', '1a01000100a401620104');
    const talk = await console1.talk('talk', ['13900000281']);
    await terminal.nextLiveOrder(1);
    const line = await ForeignTalk.overTcp(server.mediaPort, '013900000281', 1);
    line.say(26, Buffer.concat([Buffer.from('00015200', 'hex'), Buffer.alloc(164)]));
    await console1.phase(talk.talk, '13900000281', 'ready');
    await console1.speak(talk.subscription, 500, 1000);
    await until('a second of sound', () => line.packets.length >= 25);
    const kinds = line.packets.map(({ payloadType, payload }) => `${payloadType} ${payload.length}`);
    expect(new Set(kinds)).toEqual(new Set(['26 168']));
    expect(new Set(line.packets.map(({ payload }) => payload.subarray(0, 4).toString('hex')))).toEqual(
      new Set(['00015200']),
    );
    expect(line.packets.slice(1).map(({ ms }, at) => ms - line.packets[at]!.ms)).toEqual(
      Array(line.packets.length - 1).fill(40),
    );
    console1.up(talk.subscription, { type: 'close' });
    line.cut();
    await terminal.end();
  });
});

describe.skipIf(!hasFfmpeg)('a terminal that wants AAC, which ffmpeg decodes', () => {
  it.each([
    { phone: '013900000291', says: '13010001000001620104', rate: 8000, raw: false },
    { phone: '013900000292', says: '1301030100ba01620104', rate: 48000, raw: false },
    { phone: '013900000293', says: '13010101000001620104', rate: 22050, raw: true },
  ])('hears the operator at $rate Hz (bare frames: $raw)', async ({ phone, says, rate, raw }) => {
    const id = phone.slice(1);
    const terminal = await enrolled(phone, '2013', says);
    const talk = await console1.talk('talk', [id]);
    const order = await terminal.nextLiveOrder(1);
    const line = await ForeignTalk.overTcp(order.tcpPort, phone, 1);
    // It sends AAC too: a bare frame, or one behind an ADTS header of 7 bytes and of its own rate.
    const index = { 8000: 11, 22050: 7, 48000: 3 }[rate]!;
    const header = Buffer.from([0xff, 0xf1, 0x40 | (index << 2), 0x40, 0x01, 0x7f, 0xfc]);
    const frame = Buffer.from('01402280', 'hex');
    line.say(19, raw ? frame : Buffer.concat([header, frame]));
    await console1.phase(talk.talk, id, 'ready');
    await console1.speak(talk.subscription, 500, 2000);
    const frameMs = 1_024_000 / rate;
    await until('two seconds of sound', () => line.packets.length * frameMs >= 2000);
    await until('no more comes', async () => {
      const before = line.packets.length;
      await new Promise(done => setTimeout(done, 400));
      return line.packets.length === before;
    });
    expect(line.fault).toBeUndefined();
    expect(new Set(line.packets.map(({ payloadType }) => payloadType))).toEqual(new Set([19]));
    expect(line.packets.map(({ sequence }) => sequence)).toEqual(line.packets.map((_, at) => at));
    for (const { payload } of line.packets) expect(payload.length).toBeLessThanOrEqual(950);
    const isAdts = line.packets.map(({ payload }) => payload[0] === 0xff && payload[1] === 0xf1);
    expect(new Set(isAdts)).toEqual(new Set([!raw]));
    const packets = raw
      ? line.packets.map(packet => {
          const length = packet.payload.length + 7;
          const own = [0xff, 0xf1, 0x40 | (index << 2), 0x40 | (length >> 11), (length >> 3) & 0xff];
          return { ...packet, payload: Buffer.from([...own, ((length & 7) << 5) | 0x1f, 0xfc, ...packet.payload]) };
        })
      : line.packets;
    const samples = decoded(packets, rate);
    const loud = samples.findIndex(sample => Math.abs(sample) > 2000);
    const spoken = samples.slice(loud + rate / 10, loud + rate * 1.8);
    expect(shareOfTone(spoken, 500, rate)).toBeGreaterThan(0.95);
    expect(samples.length).toBeGreaterThan(rate * 2);
    console1.up(talk.subscription, { type: 'close' });
    line.cut();
    await terminal.end();
  });
});

describe('a terminal that is talked with', () => {
  it('may refuse, be busy, never connect, hang up, and say nothing at all: each has its code', async () => {
    const terminal = await enrolled('013900000210', '2013');
    const id = '13900000210';
    terminal.answers = ({ id: message }) => (message === 0x9101 ? 1 : 0);
    const refused = await console1.talk('talk', [id]);
    await until('it is told so', () => refused.port.end);
    expect(refused.port.end).toEqual({ code: 'commandFailed' });

    terminal.answers = () => 0;
    const other = await TalkClient.open(server.door);
    const held = await console1.talk('talk', [id]);
    expect(await other.call('talk.open', { vehicleIds: [id], channel: 2, mode: 'talk', credits: 1 })).toMatchObject({
      ok: false,
      code: 'talkBusy',
    });
    await until('it never connects', () => held.port.end);
    expect(held.port.end).toEqual({ code: 'talkNotConnected' });
    expect([...(await terminal.next(0x9102)).body]).toEqual([1, 4, 0, 0]);

    terminal.answers = () => undefined;
    const silent = await other.talk('talk', [id]);
    await until('it never answers', () => silent.port.end);
    expect(['commandTimeout', 'talkNotConnected']).toContain(silent.port.end?.code);

    const connected = await other.talk('talk', [id]);
    const line = await ForeignTalk.overTcp(server.mediaPort, '013900000210', 1);
    line.say(6, cab);
    await other.phase(connected.talk, id, 'ready');
    line.cut();
    await until('it hangs up', () => connected.port.end);
    expect(connected.port.end).toEqual({ code: 'closedByPeer' });
    expect(await other.call('talk.list', {})).toEqual({ ok: true, value: [] });
    expect(await other.call('talk.close', { talk: connected.talk })).toMatchObject({ ok: false, code: 'unknownTalk' });

    line.cut();
    other.close();
    await terminal.end();
  });

  it('is monitored: it is heard, and nothing is sent to it', async () => {
    const terminal = await enrolled('013900000220', '2013');
    const monitor = await console1.talk('monitor', ['13900000220'], 3);
    expect(await terminal.nextLiveOrder(3)).toMatchObject({ dataType: 3, channel: 3 });
    const line = await ForeignTalk.overTcp(server.mediaPort, '013900000220', 3);
    for (let count = 0; count < 5; count++) line.say(6, cab);
    await until('the cab is heard', () => monitor.port.sounds.length === 5);
    await console1.speak(monitor.subscription, 500, 200);
    expect(line.packets).toEqual([]);
    await console1.call('talk.close', { talk: monitor.talk });
    expect([...(await terminal.next(0x9102)).body]).toEqual([3, 0, 0, 0]);
    expect(monitor.port.end).toEqual({ code: 'talkClosed' });
    line.cut();
    await terminal.end();
  });

  it('talks on although the talk was closed: counted, and nothing is kept of it', async () => {
    const terminal = await enrolled('013900000230', '2013');
    const talk = await console1.talk('talk', ['13900000230']);
    const line = await ForeignTalk.overTcp(server.mediaPort, '013900000230', 1);
    line.say(6, cab);
    await console1.phase(talk.talk, '13900000230', 'ready');
    console1.up(talk.subscription, { type: 'close' });
    await terminal.next(0x9102);
    const before = (await server.tallies())['intake.unwanted'] ?? 0;
    for (let count = 0; count < 20; count++) line.say(6, cab);
    await until('it is counted', async () => ((await server.tallies())['intake.unwanted'] ?? 0) >= before + 20);
    expect(talk.port.sounds.length).toBeLessThanOrEqual(1);
    line.cut();
    await terminal.end();
  });
});

describe('a broadcast', () => {
  it('reaches each terminal in its own coding, and says what became of each', async () => {
    const one = await enrolled('013900000241', '2013');
    const two = await enrolled('00000000013900000242', '2019', '07010001014001620104');
    const three = await enrolled('013900000243', '2013');
    three.answers = ({ id }) => (id === 0x9101 ? 3 : 0);
    const ids = ['13900000241', '13900000242', '13900000243', '13900009999'];
    const cast = await console1.talk('broadcast', ids);
    const phases = new Map(cast.rows.map(row => [row.vehicleId, row.phase]));
    expect(phases.get('13900009999')).toBe('closed');
    expect(await one.nextLiveOrder(1)).toMatchObject({ dataType: 4 });
    const lines = [
      await ForeignTalk.overTcp(server.mediaPort, '013900000241', 1),
      await ForeignTalk.overTcp(server.mediaPort, '00000000013900000242', 1),
    ];
    for (const line of lines) line.say(6, cab);
    await console1.phase(cast.talk, ids[0]!, 'ready');
    await console1.phase(cast.talk, ids[1]!, 'ready');
    const refused = await console1.phase(cast.talk, ids[2]!, 'refused');
    expect(refused.error?.code).toBe('commandUnsupported');
    await console1.speak(cast.subscription, 500, 1000);
    await until('the first heard all of it', () => lines[0]!.packets.length >= 100);
    await until('the second heard all of it', () => lines[1]!.packets.length >= 25);
    expectSpeech(lines[0]!.packets, 80, 10);
    // µ-law, 320 bytes: what its 0x1003 says, not what it sends.
    expect(new Set(lines[1]!.packets.map(({ payloadType, payload }) => `${payloadType} ${payload.length}`))).toEqual(
      new Set(['7 320']),
    );
    expect(cast.port.sounds).toEqual([]);
    console1.up(cast.subscription, { type: 'close' });
    expect([...(await one.next(0x9102)).body]).toEqual([1, 0, 0, 0]);
    await until('its rows are gone', async () => {
      const list = await console1.call<unknown[]>('talk.list', {});
      return list.ok && list.value.length === 0;
    });
    for (const line of lines) line.cut();
    for (const terminal of [one, two, three]) await terminal.end();
  });
});

describe.skipIf(!hasFfmpeg)('a broadcast to terminals of AAC and of G.711', () => {
  it('reaches each in its own coding', async () => {
    const kinds = [
      { phone: '013900000295', says: '13010001000001620104' },
      { phone: '013900000296', says: '13010001000001620104' },
      { phone: '013900000297', says: es500 },
    ];
    const terminals = [];
    for (const { phone, says } of kinds) terminals.push(await enrolled(phone, '2013', says));
    const ids = kinds.map(({ phone }) => phone.slice(1));
    const cast = await console1.talk('broadcast', ids);
    const lines: ForeignTalk[] = [];
    for (const { phone } of kinds) lines.push(await ForeignTalk.overTcp(server.mediaPort, phone, 1));
    for (const line of lines) line.say(6, cab);
    for (const id of ids) await console1.phase(cast.talk, id, 'ready');
    await console1.speak(cast.subscription, 500, 2000);
    await until('all heard it', () => lines[0]!.packets.length >= 15 && lines[2]!.packets.length >= 200);
    expectSpeech(lines[2]!.packets, 80, 10);
    for (const line of lines.slice(0, 2)) {
      expect(new Set(line.packets.map(({ payloadType }) => payloadType))).toEqual(new Set([19]));
      const samples = decoded(line.packets, 8000);
      const loud = samples.findIndex(sample => Math.abs(sample) > 2000);
      expect(shareOfTone(samples.slice(loud + 800, loud + 12_000), 500)).toBeGreaterThan(0.95);
    }
    console1.up(cast.subscription, { type: 'close' });
    for (const line of lines) line.cut();
    for (const terminal of terminals) await terminal.end();
  });
});

describe('a terminal that only listens and never says a word', () => {
  it('is spoken to when it is alone at its address', async () => {
    const terminal = await enrolled('00000000013900000261', '2019');
    const cast = await console1.talk('broadcast', ['13900000261']);
    await terminal.nextLiveOrder(1);
    const line = await ForeignTalk.overTcp(server.mediaPort, '00000000013900000261', 1);
    await console1.phase(cast.talk, '13900000261', 'ready');
    await console1.speak(cast.subscription, 500, 1000);
    await until('a second of sound', () => line.packets.length >= 100);
    expect(new Set(line.packets.map(packet => packet.sim))).toEqual(new Set(['00000000013900000261']));
    expectSpeech(line.packets, 80, 10);
    line.cut();
    expect((await console1.phase(cast.talk, '13900000261', 'closed')).error?.code).toBe('closedByPeer');
    console1.up(cast.subscription, { type: 'close' });
    await terminal.end();
  });

  it('is given up beside another vehicle: whose the connection is, nothing says', async () => {
    const terminal = await enrolled('013900000262', '2013');
    const other = await enrolled('013900000263', '2013');
    const cast = await console1.talk('broadcast', ['13900000262']);
    const line = await ForeignTalk.overTcp(server.mediaPort, '013900000262', 1);
    const row = await console1.phase(cast.talk, '13900000262', 'closed');
    expect(row.error?.code).toBe('talkNotConnected');
    expect(line.packets).toEqual([]);
    console1.up(cast.subscription, { type: 'close' });
    line.cut();
    for (const each of [terminal, other]) await each.end();
  });
});

describe('a text', () => {
  it('goes to each driver with the flags of its edition, and comes back with each answer', async () => {
    const one = await enrolled('013900000251', '2013');
    const two = await enrolled('00000000013900000252', '2019');
    two.answers = ({ id }) => (id === 0x8300 ? 1 : 0);
    const sent = await console1.call<object[]>('text.send', {
      vehicleIds: ['13900000251', '13900000252', '13900009999'],
      text: '前方事故',
      urgent: true,
      tts: true,
    });
    expect(sent).toMatchObject({
      ok: true,
      value: [
        { vehicleId: '13900000251' },
        { vehicleId: '13900000252', error: { code: 'commandFailed' } },
        { vehicleId: '13900009999', error: { code: 'unknownTerminal' } },
      ],
    });
    // 前方事故 in GBK.
    expect((await one.next(0x8300)).body.toString('hex')).toBe(`09${'c7b0b7bdcac2b9ca'}`);
    expect((await two.next(0x8300)).body.toString('hex')).toBe(`0a01${'c7b0b7bdcac2b9ca'}`);
    for (const terminal of [one, two]) await terminal.end();
  });
});
