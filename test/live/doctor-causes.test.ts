import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { DoctorCause, DoctorReport, DoctorStepName } from '../../electron/contract.ts';
import { handMadeClip } from './clip.ts';
import { DeskServer, LeapClock, stepOf, untilStep } from './desk-server.ts';
import { until } from './exactness.ts';
import { FrameCutter, frame } from './foreign-frame.ts';
import { ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';

const phone = '013912345678';
const vehicleId = '13912345678';
const key = { vehicleId, channel: 1, stream: 'main' } as const;
/** An address of this machine that is not its own inner one, where it has such. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find(each => each?.family === 'IPv4' && !each.address.startsWith('127.'))?.address;

let desk: DeskServer;
let clock: LeapClock;
const sockets: Socket[] = [];
const terminals: ForeignTerminal[] = [];
const timers: ReturnType<typeof setInterval>[] = [];

async function open(settings: Record<string, string | number> = {}, dataDir?: string): Promise<void> {
  clock = new LeapClock();
  desk = await DeskServer.start({ commandTimeoutMs: 1000, ...settings }, dataDir, clock);
}

function newTerminal(digits = phone, more: { mediaProperties?: string } = {}): ForeignTerminal {
  const terminal = new ForeignTerminal({ port: desk.server.ports.signal, dialect: '2013', phone: digits, ...more });
  terminals.push(terminal);
  return terminal;
}

/** Says nothing more once it is let in. */
async function silent(): Promise<ForeignTerminal> {
  const terminal = newTerminal(phone, { mediaProperties: '' });
  terminal.answers = () => undefined;
  await terminal.enrol();
  return terminal;
}

async function enrolled(digits = phone): Promise<ForeignTerminal> {
  const terminal = newTerminal(digits);
  await terminal.enrol();
  return terminal;
}

async function dial(port = desk.server.ports.signal): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  sockets.push(socket);
  // One that a limit keeps out is reset, maybe before it knows that it was connected.
  await once(socket, 'connect').catch(() => undefined);
  return socket;
}

function keepSending(send: (bytes: Buffer) => Promise<void>, camera: ForeignCamera, clip: readonly Unit[]): () => void {
  let at = 0;
  const timer = setInterval(() => {
    for (const packet of camera.picture(clip[at++ % clip.length]!)) void send(packet);
  }, 20);
  timers.push(timer);
  return () => clearInterval(timer);
}

const vehicle = () => desk.vehicle(vehicleId);
const camera = () => desk.camera(key);
const named = (causes: readonly DoctorCause[]) =>
  causes.map(({ cause, setting }) => (setting ? `${cause} ${setting}` : cause));

/** Asks until the step names the cause; the report. */
function untilCause(ask: () => Promise<DoctorReport>, step: DoctorStepName, cause: string): Promise<DoctorReport> {
  let last: DoctorReport | undefined;
  return until(`${cause} at ${step}`, async () => {
    last = await ask();
    return named(stepOf(last, step).causes).some(each => each.startsWith(cause)) && last;
  }).catch(() => {
    throw new Error(`no ${cause} at ${step}: ${JSON.stringify(last?.steps)}`);
  });
}

const causeOf = (report: DoctorReport, step: DoctorStepName, name: string) =>
  stepOf(report, step).causes.find(({ cause }) => cause === name);

afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const terminal of terminals.splice(0)) terminal.cut();
  await desk.stop();
});

describe('of a vehicle that was there the connection doctor', () => {
  it('says that it fell silent, and by which limit its connection ended', async () => {
    await open();
    const terminal = await silent();
    clock.leap(181_000);
    const report = await untilStep(vehicle, 'connected', 'failed');
    expect(named(stepOf(report, 'connected').causes)).toEqual(['connectionIdle heartbeatTimeoutMs']);
    expect(stepOf(report, 'connected').at).toBeGreaterThan(0);
    expect(stepOf(report, 'authenticated').state).toBe('waiting');
    await until('the connection to be closed', () => terminal.isClosed);
  });

  it('says so where connections are closed before vehicles are given up', async () => {
    await open({ idleSignalMs: 10_000 });
    await silent();
    clock.leap(11_000);
    const report = await untilStep(vehicle, 'connected', 'failed');
    expect(named(stepOf(report, 'connected').causes)).toEqual(['connectionIdle idleSignalMs']);
  });

  it('says so where others still speak on its connection, and that it is back', async () => {
    await open();
    const gateway = await dial();
    const cutter = new FrameCutter();
    const codes = new Map<string, Buffer>();
    const heard: string[] = [];
    gateway.on('data', chunk => {
      for (const message of cutter.push(chunk as Buffer)) {
        if (message.id === 0x8100) codes.set(message.phone, message.body.subarray(3));
        heard.push(`${message.phone} ${message.id.toString(16)} ${message.body.toString('hex')}`);
      }
    });
    const other = '013912345679';
    const say = (digits: string, id: number, serial: number, body: Uint8Array = Buffer.alloc(0)) =>
      gateway.write(frame({ dialect: '2013', id, phone: digits, serial }, body));
    const registration = Buffer.concat([
      Buffer.from('002c012c', 'hex'),
      Buffer.alloc(32, 0x41),
      Buffer.from('01', 'hex'),
    ]);
    const enter = async (digits: string, serial: number) => {
      codes.delete(digits);
      say(digits, 0x0100, serial, registration);
      const code = await until('a code', () => codes.get(digits));
      say(digits, 0x0102, serial + 1, code);
      const yes = Buffer.from([0, serial + 1, 0x01, 0x02, 0]).toString('hex');
      await until('a yes', () => heard.includes(`${digits} 8001 ${yes}`));
    };
    await enter(phone, 1);
    await enter(other, 1);
    clock.leap(100_000);
    say(other, 0x0002, 9);
    await until('its answer', () => heard.includes(`${other} 8001 0009000200`));
    clock.leap(100_000);
    const report = await untilStep(vehicle, 'connected', 'failed');
    expect(named(stepOf(report, 'connected').causes)).toEqual(['connectionIdle heartbeatTimeoutMs']);
    expect(stepOf(await desk.vehicle(other), 'connected').state).toBe('done');
    await enter(phone, 20);
    const back = await vehicle();
    for (const step of ['connected', 'registered', 'authenticated'] as const)
      expect(stepOf(back, step).state).toBe('done');
  });

  it('says that it logged out, when it goes on as if it had not', async () => {
    await open();
    const terminal = await enrolled();
    expect(await terminal.ask(0x0003)).toBe(0);
    expect(stepOf(await vehicle(), 'registered').state).toBe('waiting');
    expect(await terminal.ask(0x0704, Buffer.from('000001', 'hex'))).toBe(1);
    clock.leap(11_000);
    const report = await untilStep(vehicle, 'registered', 'failed');
    expect(causeOf(report, 'registered', 'notRegistered')?.params).toEqual({ message: '0x0704' });
  });

  it.each([
    ['tooManyPeersPerAddress', 'maxConnectionsPerAddress', 3],
    ['tooManyPeers', 'maxConnections', 3],
    ['connectRate', 'connectRatePerAddress', 2],
  ])('says that %s keeps it out', async (limit, setting, value) => {
    await open({ [setting]: value });
    const terminal = await enrolled();
    // One that was refused before the vehicle went is no reason.
    for (let i = 0; i < 3; i++) await dial();
    await until('one to be refused', async () => (await desk.peers()).some(({ kind }) => kind === 'refused'));
    await terminal.end();
    await untilStep(vehicle, 'connected', 'failed');
    clock.leap(10_000);
    for (let i = 0; i < 4; i++) await dial();
    const report = await untilCause(vehicle, 'connected', 'refusedByLimit');
    expect(causeOf(report, 'connected', 'refusedByLimit')).toEqual({
      ...{ cause: 'refusedByLimit', setting, params: { limit, address: '127.0.0.1' } },
    });
    expect(stepOf(report, 'connected').causes[0]?.cause).toBe('connectionEnded');
  });

  it('says that something else is connected from there and says nothing, before it is closed and after', async () => {
    await open();
    await (await enrolled()).end();
    await dial();
    const report = await untilCause(vehicle, 'connected', 'noBytes');
    const params = { address: '127.0.0.1', port: desk.server.ports.signal };
    expect(causeOf(report, 'connected', 'noBytes')).toEqual({ cause: 'noBytes', params });
    clock.leap(31_000);
    const later = await untilCause(vehicle, 'connected', 'noBytes firstByteMs');
    expect(causeOf(later, 'connected', 'noBytes')).toEqual({ cause: 'noBytes', setting: 'firstByteMs', params });
  });

  it('says that what comes from there now is not 808', async () => {
    await open();
    await (await enrolled()).end();
    (await dial()).write(Buffer.from('16030102000100', 'hex'));
    const report = await untilCause(vehicle, 'connected', 'notJt808');
    expect(causeOf(report, 'connected', 'notJt808')?.params).toEqual({ address: '127.0.0.1', looks: 'tls' });
  });

  it('names a number that is new from its address, and none of a vehicle that was known', async () => {
    await open();
    const neighbour = await enrolled('013912340001');
    const terminal = await enrolled();
    await neighbour.end();
    await sleep(20);
    clock.leap(20_000);
    await terminal.end();
    await untilStep(vehicle, 'connected', 'failed');
    await neighbour.enrol();
    expect(named(stepOf(await vehicle(), 'connected').causes)).toEqual(
      ['connectionEnded', 'neverConnected signalPort'].slice(0, 1),
    );
    await enrolled('013912340002');
    const report = await untilCause(vehicle, 'connected', 'strangersFromThere');
    expect(causeOf(report, 'connected', 'strangersFromThere')).toEqual({
      ...{ cause: 'strangersFromThere', params: { address: '127.0.0.1', terminals: '13912340002' } },
    });
  });

  it('says that it sent too much, once', async () => {
    await open({ maxBytesPerSecondPerPeer: 10_000 });
    const terminal = await enrolled();
    const beat = frame({ dialect: '2013', id: 0x0002, phone, serial: 77 }, Buffer.alloc(0));
    terminal.write(Buffer.concat(new Array<Buffer>(20_000).fill(beat)));
    const report = await untilStep(vehicle, 'connected', 'failed');
    expect(named(stepOf(report, 'connected').causes)).toEqual(['overRate maxBytesPerSecondPerPeer']);
  });
});

describe('of a vehicle that knocks the connection doctor', () => {
  it.each([
    ['that was here before', true, 0x0002, '0x0002'],
    ['that nobody knows', false, 0x0200, '0x0200'],
  ])('says of one %s that it neither registers nor authenticates', async (_which, isKnown, id, message) => {
    await open();
    if (isKnown) await (await enrolled()).end();
    const terminal = newTerminal();
    await terminal.connect();
    await terminal.ask(id, id === 0x0200 ? Buffer.alloc(28) : Buffer.alloc(0));
    const early = await vehicle();
    expect(stepOf(early, 'connected').state).toBe('done');
    expect(stepOf(early, 'registered').state).toBe('waiting');
    clock.leap(10_500);
    const report = await untilStep(vehicle, 'registered', 'failed');
    const step = stepOf(report, 'registered');
    expect(step.causes).toEqual([{ cause: 'notRegistered', params: { message } }]);
    expect(step.proof?.text).toBe(message);
    expect(step.proof?.hex).toMatch(new RegExp(`^0${message[3]} 0${message[5]} `));
    await terminal.authenticate(await terminal.register());
    expect(stepOf(await vehicle(), 'authenticated').state).toBe('done');
  });

  it('says that the roster is full', async () => {
    await open({ maxTerminals: 1 });
    await enrolled('013912340001');
    const terminal = newTerminal();
    await terminal.connect();
    await expect(terminal.register()).rejects.toThrow('registration refused: 4');
    const step = stepOf(await vehicle(), 'registered');
    expect(step).toMatchObject({ state: 'failed', proof: { text: '0x0100, 43 bytes → 0x8100 (4)' } });
    expect(step.causes).toEqual([{ cause: 'rosterFull', setting: 'maxTerminals', params: { count: 1 } }]);
  });

  it('says that too many registered from its address, until it may', async () => {
    await open({ registrationsPerMinutePerAddress: 1 });
    await enrolled('013912340001');
    const terminal = newTerminal();
    await terminal.connect();
    terminal.send(0x0100, Buffer.concat([Buffer.alloc(36, 0x41), Buffer.from([1])]));
    await until('it to be heard', () => vehicle().catch(() => false));
    const report = await untilStep(vehicle, 'registered', 'failed');
    expect(named(stepOf(report, 'registered').causes)).toEqual(['registrationRate registrationsPerMinutePerAddress']);
    expect(stepOf(report, 'registered').proof?.hex).toMatch(/^01 00 00 25 01 39 12 34 56 78 /);
    expect(terminal.waiting(0x8100)).toBe(0);
    clock.leap(61_000);
    await terminal.register();
    expect(stepOf(await vehicle(), 'registered').state).toBe('done');
  });

  it.each([
    ['a heartbeat', frame({ dialect: '2013', id: 0x0002, phone, serial: 1 }, Buffer.alloc(0))],
    ['noise', Buffer.from('0d0a7e7e', 'hex')],
    ['nothing', Buffer.alloc(0)],
  ])('shows no code that comes behind %s in the first bytes', async (_what, before) => {
    await open();
    const terminal = newTerminal();
    const code = await terminal.enrol();
    await terminal.end();
    await terminal.connect();
    const authentication = frame({ dialect: '2013', id: 0x0102, phone, serial: 2 }, Buffer.from(code, 'latin1'));
    terminal.write(Buffer.concat([before, authentication]));
    const report = await untilStep(vehicle, 'authenticated', 'done');
    const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex').replace(/../g, '$& ').trim();
    expect(stepOf(report, 'firstBytes').proof?.hex).toContain('7e 01 02');
    for (const shown of [JSON.stringify(report), JSON.stringify(await desk.peers())])
      for (let at = 0; at + 5 <= code.length; at++) expect(shown).not.toContain(hex(code.slice(at, at + 5)));
  });
});

describe('of a camera the connection doctor', () => {
  it('says that no media port is open, and names none to the vehicle', async () => {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as { port: number };
    const udp = createSocket('udp4').bind(port, '127.0.0.1');
    await once(udp, 'listening');
    await open({ mediaPort: port });
    const terminal = await enrolled();
    desk.watch(key);
    const report = await untilStep(camera, 'commandSent', 'failed');
    expect(named(stepOf(report, 'commandSent').causes)).toEqual(['noMediaPort mediaPort']);
    expect(named(stepOf(report, 'listening').causes)).toEqual(['portClosed mediaPort', 'portClosed mediaPort']);
    expect(terminal.waiting(0x9101)).toBe(0);
    tcp.close();
    udp.close();
  });

  /** Other tests take ports too: one that is free for TCP when it is chosen. */
  async function takenForUdpOnly(): Promise<{ udp: UdpSocket; port: number }> {
    for (;;) {
      const udp = createSocket('udp4').bind(0, '127.0.0.1');
      await once(udp, 'listening');
      const { port } = udp.address();
      const tcp = createServer();
      const isFree = await new Promise<boolean>(resolve => {
        tcp.once('error', () => resolve(false));
        tcp.listen(port, '127.0.0.1', () => tcp.close(() => resolve(true)));
      });
      if (isFree) return { udp, port };
      udp.close();
    }
  }

  it('names to the vehicle the port that is open and not the one that is taken', async () => {
    const { udp, port } = await takenForUdpOnly();
    await open({ mediaPort: port });
    const terminal = await enrolled();
    desk.watch(key);
    expect(await terminal.nextLiveOrder(1)).toMatchObject({ tcpPort: port, udpPort: 0 });
    udp.close();
  });

  it('says that only TCP was offered', async () => {
    await open({ transport: 'tcp' });
    await enrolled();
    desk.watch(key);
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    expect(named(stepOf(report, 'mediaConnected').causes)).toEqual(['tcpOnly transport', 'mediaBlocked mediaAddress']);
  });

  it.skipIf(!outer)(
    `says that an inner address was named to a vehicle at ${outer ?? 'none of this machine'}`,
    async () => {
      await open({ host: '0.0.0.0', mediaAddress: '127.0.0.1' });
      const terminal = newTerminal();
      await terminal.connect(outer);
      await terminal.authenticate(await terminal.register());
      desk.watch(key);
      const report = await untilStep(camera, 'mediaConnected', 'failed');
      expect(stepOf(report, 'mediaConnected').causes[0]).toEqual({
        ...{ cause: 'addressLoopback', setting: 'mediaAddress', params: { address: '127.0.0.1', from: outer } },
      });
    },
  );

  it.each(['over another connection', 'on the same connection'])(
    'says that the recorder sends the other stream instead, %s',
    async way => {
      const [large, small] = [[22, 18] as const, [11, 9] as const].map(macroblocks =>
        handMadeClip({ frames: 40, seed: 3, gop: 8, macroblocks }),
      ) as [Unit[], Unit[]];
      await open();
      const terminal = await enrolled();
      desk.watch(key);
      const { tcpPort } = await terminal.nextLiveOrder(1);
      const encoder = new ForeignCamera({ sim: phone, channel: 1 });
      const first = await mediaOverTcp(tcpPort);
      const stop = keepSending(first.send, encoder, large);
      await untilStep(camera, 'resolution', 'done');
      const sub = { ...key, stream: 'sub' } as const;
      desk.watch(sub);
      await terminal.nextLiveOrder(1);
      stop();
      if (way === 'on the same connection') keepSending(first.send, encoder, small);
      else {
        first.cut();
        keepSending((await mediaOverUdp(tcpPort)).send, encoder, small);
      }
      const report = await untilCause(camera, 'mediaConnected', 'switchedAway');
      expect(named(stepOf(report, 'mediaConnected').causes)).toEqual(['switchedAway']);
      const other = await untilStep(() => desk.camera(sub), 'resolution', 'done');
      expect(stepOf(other, 'resolution').proof?.text).toBe('176 × 144, h264');
      for (const step of ['mediaConnected', 'firstPacket', 'payloadTypes', 'firstKeyFrame'] as const)
        expect(stepOf(other, step)).toMatchObject({ state: 'done' });
    },
  );

  it('says whose media ended where two connections were first taken for each other', async () => {
    await open();
    const terminal = await enrolled();
    const sub = { ...key, stream: 'sub' } as const;
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    desk.watch(sub);
    await terminal.nextLiveOrder(1);
    // The stream asked for last is taken to come first: here it does not.
    const large = await mediaOverTcp(tcpPort);
    const clip = handMadeClip({ frames: 40, seed: 3, gop: 8 });
    keepSending(large.send, new ForeignCamera({ sim: phone, channel: 1 }), clip);
    await untilStep(() => desk.camera(sub), 'firstKeyFrame', 'done');
    const small = await mediaOverTcp(tcpPort);
    const lesser = handMadeClip({ frames: 40, seed: 4, gop: 8, macroblocks: [11, 9] });
    keepSending(small.send, new ForeignCamera({ sim: phone, channel: 1 }), lesser);
    await until('them to change places', () => desk.server.tally.get('intake.swappedStreams') === 1);
    const sources = async () =>
      Promise.all([camera(), desk.camera(sub)]).then(all => all.map(one => stepOf(one, 'mediaConnected').proof?.text));
    const [ofMain, ofSub] = await sources();
    expect(ofMain).not.toBe(ofSub);
    terminal.answers = () => undefined;
    large.cut();
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    expect(`TCP ${stepOf(report, 'mediaConnected').proof?.text}`).toBe(ofMain);
    expect((await sources())[1]).toBe(ofSub);
  });
});
