import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handMadeClip } from './clip.ts';
import { causesOf, DeskServer, stepOf, untilStep } from './desk-server.ts';
import { ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';

const phone = '013912345678';
const vehicleId = '13912345678';
const key = { vehicleId, channel: 1, stream: 'main' } as const;
const units = handMadeClip({ frames: 60, seed: 7, gop: 10 });

let desk: DeskServer;
let terminal: ForeignTerminal;
const sockets: Socket[] = [];
const timers: ReturnType<typeof setInterval>[] = [];

async function open(settings: Record<string, string | number> = {}): Promise<void> {
  desk = await DeskServer.start({ commandTimeoutMs: 1000, ...settings });
  terminal = newTerminal();
}

const newTerminal = () => new ForeignTerminal({ port: desk.server.ports.signal, dialect: '2013', phone });

/** Sends pictures over and over until the test is over. */
function keepSending(
  send: (bytes: Buffer) => Promise<void>,
  camera: ForeignCamera,
  clip: readonly Unit[] = units,
): void {
  let at = 0;
  timers.push(
    setInterval(() => {
      for (const packet of camera.picture(clip[at++ % clip.length]!)) void send(packet);
    }, 20),
  );
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const camera = () => desk.camera(key);
const vehicle = () => desk.vehicle(vehicleId);

describe('the connection doctor', () => {
  beforeEach(() => open());
  afterEach(async () => {
    for (const timer of timers.splice(0)) clearInterval(timer);
    for (const socket of sockets.splice(0)) socket.destroy();
    terminal.cut();
    await desk.stop();
  });

  it('shows every step of a camera that plays, in the order of time, with its bytes', async () => {
    await terminal.enrol();
    desk.watch(key);
    const order = await terminal.nextLiveOrder(1);
    const path = await mediaOverUdp(order.udpPort);
    keepSending(path.send, new ForeignCamera({ sim: phone, channel: 1 }));
    await untilStep(camera, 'resolution', 'done');
    const report = await untilStep(camera, 'capabilities', 'done');
    for (const { step, state, at, proof } of report.steps.filter(each => each.step !== 'firstPicture')) {
      expect([step, state]).toEqual([step, 'done']);
      if (step !== 'listening' && step !== 'capabilities') expect(at).toBeGreaterThan(0);
      expect(proof?.text).not.toBe('');
    }
    const times = (
      ['connected', 'registered', 'authenticated', 'commandSent', 'mediaConnected', 'firstKeyFrame'] as const
    ).map(name => stepOf(report, name).at);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(stepOf(report, 'firstBytes').proof?.hex).toMatch(/^7e 01 00 00 /);
    expect(stepOf(report, 'registered').proof).toMatchObject({ text: '0x0100 2013 → 0x8100 (0)' });
    expect(stepOf(report, 'registered').proof?.hex).toMatch(/^01 00 00 2b 01 39 12 34 56 78 00 00 00 2c 01 2c /);
    expect(stepOf(report, 'commandSent').proof?.hex).toMatch(/^7e 91 01 00 11 01 39 12 34 56 78 /);
    expect(stepOf(report, 'commandSent').proof?.text).toContain(`0x9101 127.0.0.1 UDP ${order.udpPort}`);
    expect(stepOf(report, 'acknowledged').proof?.hex).toMatch(/91 01 00$/);
    expect(stepOf(report, 'mediaConnected').proof?.text).toMatch(/^UDP 127\.0\.0\.1:\d+$/);
    expect(stepOf(report, 'firstPacket').proof?.hex).toMatch(/^30 31 63 64 81 .. 00 00 01 39 12 34 56 78 01 0/);
    expect(stepOf(report, 'simMatches').proof?.text).toBe(`1078 ${phone} = 808 ${phone}, 1`);
    expect(stepOf(report, 'payloadTypes').proof?.text).toBe('98 H.264');
    expect(stepOf(report, 'firstKeyFrame').proof?.hex).toMatch(/^00 00 00 01 /);
    expect(Math.max(...times)).toBeLessThanOrEqual(report.at);
    expect(JSON.stringify(report)).not.toContain('"failed"');
    path.cut();
  });

  it('keeps the code that lets a terminal in to itself', async () => {
    const code = await terminal.enrol();
    expect(code.length).toBeGreaterThan(8);
    const shown = JSON.stringify(await untilStep(vehicle, 'authenticated', 'done'));
    expect(shown).not.toContain(Buffer.from(code, 'latin1').toString('hex').replace(/../g, '$& ').trim());
  });

  it('says of a vehicle that the roster knows and that never came what to look at', async () => {
    await terminal.enrol();
    await terminal.end();
    const report = await untilStep(vehicle, 'connected', 'failed');
    expect(causesOf(stepOf(report, 'connected'))).toEqual(['connectionEnded']);
    expect(stepOf(report, 'registered').state).toBe('waiting');
    const kept = desk.dataDir;
    await desk.stop(true);
    desk = await DeskServer.start({}, kept);
    const again = await vehicle();
    expect(causesOf(stepOf(again, 'connected'))).toEqual(['neverConnected']);
    expect(stepOf(again, 'connected').causes[0]?.params.port).toBe(desk.server.ports.signal);
  });

  it('says of one that waits to be admitted that it does', async () => {
    await desk.stop();
    await open({ registration: 'list' });
    await terminal.connect();
    await expect(terminal.register()).rejects.toThrow('registration refused: 4');
    const report = await vehicle();
    expect(stepOf(report, 'registered')).toMatchObject({
      state: 'failed',
      causes: [{ cause: 'pending', setting: 'registration' }],
    });
    expect(stepOf(report, 'registered').proof?.hex).toMatch(/^01 00 /);
  });

  it('says when the code is not the one that was given out', async () => {
    await terminal.connect();
    await terminal.register();
    expect(await terminal.tryCode('of another platform')).toBe(1);
    const report = await vehicle();
    expect(stepOf(report, 'registered').state).toBe('done');
    expect(stepOf(report, 'authenticated')).toMatchObject({ state: 'failed', causes: [{ cause: 'codeRefused' }] });
  });

  it('says when a registration cannot be read', async () => {
    await terminal.connect();
    expect(await terminal.ask(0x0100, Buffer.from('0102', 'hex'))).toBe(2);
    const report = await vehicle();
    expect(stepOf(report, 'registered')).toMatchObject({
      state: 'failed',
      causes: [{ cause: 'registrationUnreadable', params: { bytes: 2 } }],
    });
  });

  it('says when one was given its code and does not come back with it', async () => {
    await terminal.connect();
    await terminal.register();
    const report = await untilStep(vehicle, 'authenticated', 'failed');
    expect(causesOf(stepOf(report, 'authenticated'))).toEqual(['notAuthenticated']);
  });

  it('says when one that nobody knows shows a code that nobody gave it', async () => {
    await terminal.connect();
    expect(await terminal.tryCode('of another platform')).toBe(1);
    const report = await vehicle();
    const step = stepOf(report, 'authenticated');
    expect(step).toMatchObject({ state: 'failed', causes: [{ cause: 'codeUnknown', params: { bytes: 19 } }] });
    expect(step.proof?.hex).toMatch(/^01 02 00 13 01 39 12 34 56 78 /);
    expect(JSON.stringify(report)).not.toContain(Buffer.from('platform').toString('hex').replace(/../g, '$& ').trim());
  });

  it('says when 0x9003 is never answered, and how many channels are taken for granted', async () => {
    terminal = new ForeignTerminal({ port: desk.server.ports.signal, dialect: '2013', phone, mediaProperties: '' });
    await terminal.enrol();
    const report = await untilStep(vehicle, 'capabilities', 'skipped');
    expect(stepOf(report, 'capabilities').causes).toEqual([
      { cause: 'capabilitiesSilent', setting: 'defaultChannels', params: { channels: 4 } },
    ]);
    expect(stepOf(report, 'authenticated').state).toBe('done');
  });

  it.each([
    [1, 'commandRefused'],
    [2, 'commandBadMessage'],
    [3, 'commandUnsupported'],
  ])('says what an answer of %i to 0x9101 means', async (result, cause) => {
    terminal.answers = ({ id }) => (id === 0x9101 ? result : 0);
    await terminal.enrol();
    desk.watch(key);
    const report = await untilStep(camera, 'acknowledged', 'failed');
    expect(causesOf(stepOf(report, 'acknowledged'))).toEqual([cause]);
    expect(stepOf(report, 'acknowledged').proof?.hex).toMatch(new RegExp(`91 01 0${result}$`));
    expect(stepOf(report, 'mediaConnected').state).toBe('waiting');
  });

  it('says when 0x9101 is not answered', async () => {
    terminal.answers = ({ id }) => (id === 0x9101 ? undefined : 0);
    await terminal.enrol();
    desk.watch(key);
    const report = await untilStep(camera, 'acknowledged', 'failed');
    expect(stepOf(report, 'acknowledged').causes).toEqual([
      { cause: 'notAcknowledged', setting: 'commandTimeoutMs', params: { seconds: 1 } },
    ]);
    expect(stepOf(report, 'commandSent').state).toBe('done');
  });

  it('says when a terminal says yes and nothing comes, with the address and the ports that it was told', async () => {
    await terminal.enrol();
    desk.watch(key);
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    const { media } = desk.server.ports;
    expect(causesOf(stepOf(report, 'mediaConnected'))).toEqual(['udpBlocked', 'mediaBlocked']);
    expect(stepOf(report, 'mediaConnected').causes[1]?.params).toEqual({
      address: '127.0.0.1',
      ports: `UDP ${media}, TCP ${media}`,
      from: '127.0.0.1',
    });
  });

  it('says when another address or a forwarded port was named', async () => {
    await desk.stop();
    await open({ mediaAddress: '203.0.113.7', mediaPortPublic: 16611, transport: 'tcp' });
    await terminal.enrol();
    desk.watch(key);
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    expect(causesOf(stepOf(report, 'mediaConnected'))).toEqual([
      'addressOther',
      'portForwarded',
      'tcpOnly',
      'mediaBlocked',
    ]);
    expect(stepOf(report, 'mediaConnected').causes[1]).toMatchObject({
      setting: 'mediaPortPublic',
      params: { named: 16611, port: desk.server.ports.media },
    });
  });

  it('shows the SIM that media carries when it is not the phone', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(tcpPort);
    keepSending(path.send, new ForeignCamera({ sim: '013912345679', channel: 1 }));
    const report = await untilStep(camera, 'simMatches', 'failed');
    expect(stepOf(report, 'simMatches').causes).toMatchObject([
      { cause: 'simDiffers', params: { sim: '013912345679', phone } },
    ]);
    expect(stepOf(report, 'mediaConnected').state).toBe('done');
    expect(report.refusals[0]).toMatchObject({ sim: '013912345679', channel: 1, payloadType: 98, why: 'unwanted' });
    expect((await desk.peers()).find(peer => peer.kind === 'unwanted')?.detail).toBe('013912345679');
  });

  it('leaves to another vehicle what comes from the address that they share', async () => {
    await terminal.enrol();
    const other = new ForeignTerminal({ port: desk.server.ports.signal, dialect: '2013', phone: '013912345679' });
    await other.enrol();
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(tcpPort);
    keepSending(path.send, new ForeignCamera({ sim: '013912345679', channel: 1 }));
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    expect(stepOf(report, 'simMatches').state).toBe('waiting');
    expect(report.refusals).toEqual([]);
    other.cut();
  });

  it('says when a channel is beyond those that the terminal has', async () => {
    terminal.answers = ({ id }) => (id === 0x9101 ? 1 : 0);
    await terminal.enrol();
    const far = { ...key, channel: 33 };
    desk.watch(far);
    await untilStep(vehicle, 'capabilities', 'done');
    const report = await untilStep(() => desk.camera(far), 'acknowledged', 'failed');
    expect(stepOf(report, 'acknowledged').causes[0]?.cause).toBe('channelMissing');
    expect(stepOf(report, 'acknowledged').causes[1]?.cause).toBe('commandRefused');
  });

  it('shows the channel that media names when it is not the one asked for', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { udpPort } = await terminal.nextLiveOrder(1);
    const path = await mediaOverUdp(udpPort);
    keepSending(path.send, new ForeignCamera({ sim: phone, channel: 3 }));
    const report = await untilStep(camera, 'simMatches', 'failed');
    expect(stepOf(report, 'simMatches').causes).toEqual([{ cause: 'channelDiffers', params: { sent: 3, asked: 1 } }]);
    path.cut();
  });

  it('says when a second source sends the same camera', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    const first = await mediaOverTcp(tcpPort);
    keepSending(first.send, new ForeignCamera({ sim: phone, channel: 1 }));
    await untilStep(camera, 'firstKeyFrame', 'done');
    const second = await mediaOverTcp(tcpPort);
    keepSending(second.send, new ForeignCamera({ sim: phone, channel: 1 }));
    let causes: string[] = [];
    for (let tries = 0; tries < 100 && causes.length === 0; tries++) {
      await new Promise(done => setTimeout(done, 50));
      causes = causesOf(stepOf(await camera(), 'mediaConnected'));
    }
    expect(causes).toEqual(['pinnedElsewhere']);
  });

  it('says when what comes on the media connection is not 1078, and when nothing comes on it', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    const rtsp = await dial(tcpPort);
    rtsp.write('DESCRIBE rtsp://10.0.0.1/1 RTSP/1.0\r\n\r\n');
    await dial(tcpPort);
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    const { causes } = stepOf(report, 'mediaConnected');
    expect(causes.map(({ cause }) => cause)).toEqual([
      'mediaUnrecognised',
      'mediaSilent',
      'udpBlocked',
      'mediaBlocked',
    ]);
    expect(causes[0]?.params.looks).toBe('rtsp');
  });

  it('names a coding that no browser decodes', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { udpPort } = await terminal.nextLiveOrder(1);
    const path = await mediaOverUdp(udpPort);
    keepSending(path.send, new ForeignCamera({ sim: phone, channel: 1, payloadType: 100 }));
    const report = await untilStep(camera, 'payloadTypes', 'failed');
    expect(stepOf(report, 'payloadTypes').causes).toEqual([
      { cause: 'codecUnsupported', params: { type: 100, name: 'AVS' } },
    ]);
    path.cut();
  });

  it('says when no key frame comes, and when only sound does', async () => {
    await terminal.enrol();
    desk.watch(key);
    desk.watch({ ...key, channel: 2 });
    const one = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(one.tcpPort);
    keepSending(
      path.send,
      new ForeignCamera({ sim: phone, channel: 1 }),
      units.filter(unit => !unit.key),
    );
    const sound = await mediaOverTcp(one.tcpPort);
    const microphone = new ForeignCamera({ sim: phone, channel: 2 });
    timers.push(setInterval(() => void sound.send(microphone.sound(Buffer.alloc(160, 0xd5))), 20));
    const pictures = await untilStep(camera, 'firstKeyFrame', 'failed');
    expect(causesOf(stepOf(pictures, 'firstKeyFrame'))).toEqual(['noKeyFrame']);
    const heard = await untilStep(() => desk.camera({ ...key, channel: 2 }), 'payloadTypes', 'failed');
    expect(stepOf(heard, 'payloadTypes').causes).toEqual([{ cause: 'soundOnly', params: { types: '6 G.711A' } }]);
  }, 40_000);

  it('says when nobody watches, and when the vehicle is away', async () => {
    await terminal.enrol();
    expect(causesOf(stepOf(await untilStep(camera, 'commandSent', 'waiting'), 'commandSent'))).toEqual([
      'nobodyWatches',
    ]);
    desk.watch(key);
    await terminal.end();
    expect(causesOf(stepOf(await untilStep(camera, 'commandSent', 'failed'), 'commandSent'))).toEqual(['vehicleAway']);
  });

  it('says when media ends', async () => {
    await terminal.enrol();
    desk.watch(key);
    const { tcpPort } = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(tcpPort);
    keepSending(path.send, new ForeignCamera({ sim: phone, channel: 1 }));
    await untilStep(camera, 'firstKeyFrame', 'done');
    terminal.answers = () => undefined;
    path.cut();
    const report = await untilStep(camera, 'mediaConnected', 'failed');
    expect(causesOf(stepOf(report, 'mediaConnected'))).toEqual(['mediaEnded']);
  });

  it('says when a port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    await terminal.enrol();
    await terminal.end();
    const kept = desk.dataDir;
    await desk.stop(true);
    desk = await DeskServer.start({ signalPort: port }, kept);
    const report = await vehicle();
    expect(stepOf(report, 'listening')).toMatchObject({
      state: 'failed',
      causes: [{ cause: 'portClosed', setting: 'signalPort', params: { port, code: 'portInUse' } }],
    });
    squatter.close();
  });
});

describe('the list of unknown connections', () => {
  beforeEach(() => open({ maxConnectionsPerAddress: 6, registration: 'list' }));
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    terminal.cut();
    await desk.stop();
  });

  const kinds = async () => (await desk.peers()).map(({ kind, detail }) => `${kind} ${detail}`.trim());
  const until = async (wanted: string) => {
    let found: string[] = [];
    for (let tries = 0; tries < 200 && !found.includes(wanted); tries++) {
      await new Promise(done => setTimeout(done, 50));
      found = await kinds();
    }
    expect(found).toContain(wanted);
  };

  it.each([
    ['1603010200010001fc0303', 'unrecognised tls'],
    [Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex'), 'unrecognised http'],
    ['7e0002000001391234567800005a7e', 'unrecognised damaged808'],
    ['00010203', 'unrecognised binary'],
  ])('shows what %s looks like', async (hex, wanted) => {
    const socket = await dial(desk.server.ports.signal);
    socket.write(Buffer.from(hex, 'hex'));
    await until(wanted);
    expect((await desk.peers())[0]?.hex.replaceAll(' ', '')).toBe(hex);
  });

  it('shows who is silent, who waits to be admitted, and who a limit keeps out', async () => {
    await dial(desk.server.ports.media);
    await terminal.connect();
    await terminal.register().catch(() => undefined);
    await until('stranger 13912345678');
    await until('silent');
    for (let i = 0; i < 8; i++) await dial(desk.server.ports.signal).catch(() => undefined);
    await until('refused tooManyPeersPerAddress');
    const refused = (await desk.peers()).find(({ kind }) => kind === 'refused');
    expect(refused).toMatchObject({ transport: 'tcp', localPort: desk.server.ports.signal, times: 4 });
  });

  it('shows no vehicle that is let in', async () => {
    await desk.stop();
    await open();
    await terminal.enrol();
    await new Promise(done => setTimeout(done, 200));
    expect(await desk.peers()).toEqual([]);
  });
});
