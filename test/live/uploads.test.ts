import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UploadRow, UsageMonth } from '../../electron/contract.ts';
import { until } from './exactness.ts';
import type { Dialect } from './foreign-frame.ts';
import { word } from './foreign-frame.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { FtpCaller, readUpload } from './ftp-caller.ts';
import { PlaybackClient } from './playback-client.ts';
import { ServerProcess } from './server-process.ts';

/** 2026-11-20 10:00:00 at GMT+8. */
const ten = Date.UTC(2026, 10, 20, 2, 0, 0);
const minute = 60_000;
const settings = { ftpPort: 0, maxUploadMb: 1, maxUploadFiles: 4, ftpIdleMs: 20_000, commandTimeoutMs: 3000 };

let server: ServerProcess;
let client: PlaybackClient;
let folder: string;
let phones = 0;
async function begin(): Promise<void> {
  server = await ServerProcess.start({ dataDir: folder, settings });
  client = await PlaybackClient.open(server.door);
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-uploads-'));
  await begin();
}, 60_000);
afterAll(async () => {
  client?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function terminalOf(dialect: Dialect = '2013'): Promise<ForeignTerminal> {
  const phone = `01393333${String(++phones).padStart(4, '0')}`;
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
  await terminal.enrol();
  return terminal;
}

async function asked(terminal: ForeignTerminal, more: object = {}) {
  const answer = client.call<UploadRow>('upload.start', {
    ...{ vehicleId: terminal.phone, channel: 2, from: ten, to: ten + 10 * minute },
    ...more,
  });
  const message = await terminal.next(0x9206);
  const order = readUpload(message.body);
  const result = await answer;
  if (!result.ok) throw new Error(result.code);
  return { order, serial: message.serial, row: result.value };
}

async function rowOf(id: string): Promise<UploadRow | undefined> {
  const rows = await client.call<UploadRow[]>('upload.list', {});
  return rows.ok ? rows.value.find(row => row.id === id) : undefined;
}
const phaseOf = async (id: string) => (await rowOf(id))?.phase;
async function becomes(id: string, phase: string): Promise<UploadRow> {
  for (let tries = 0; tries < 200; tries++) {
    const row = await rowOf(id);
    if (row?.phase === phase) return row;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`${await phaseOf(id)} instead of ${phase}`);
}
/** The first of so many ports in a row that were free just now. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const probes = [createServer().listen(0, '127.0.0.1')];
    await once(probes[0]!, 'listening');
    const { port } = probes[0]!.address() as AddressInfo;
    let free = port + count <= 65_535;
    for (let next = port + 1; free && next < port + count; next++) {
      const probe = createServer();
      probes.push(probe);
      free = await new Promise(resolve => {
        probe.once('error', () => resolve(false)).listen(next, '127.0.0.1', () => resolve(true));
      });
    }
    for (const probe of probes) await new Promise(done => probe.close(done));
    if (free) return port;
  }
}
const placeOf = (row: UploadRow) => join(folder, 'uploads', row.vehicleId, row.id);

describe.each<Dialect>(['2013', '2019'])('an upload of a terminal of %s', dialect => {
  it('is asked as the standard says, comes, and is there to be saved', async () => {
    const terminal = await terminalOf(dialect);
    const { order, serial, row } = await asked(terminal, {
      media: 'video',
      stream: 'sub',
      storage: 'backup',
      conditions: ['wifi'],
    });
    expect(order).toMatchObject({
      address: '127.0.0.1',
      path: '/',
      channel: 2,
      from: '261120100000',
      to: '261120101000',
    });
    expect(order.tail).toBe(`${'00'.repeat(8)}02020201`);
    expect(order.user).toMatch(/^[A-Za-z0-9]{8,16}$/);
    expect(order.password).toMatch(/^[A-Za-z0-9]{8,16}$/);
    expect(await phaseOf(row.id)).toBe('accepted');
    const ftp = await FtpCaller.open(order.port);
    expect(await ftp.login(order.user, order.password)).toMatch(/^230/);
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) & 255));
    expect(await ftp.send('STOR part one.mp4', bytes)).toMatch(/^226/);
    expect(await phaseOf(row.id)).toBe('transferring');
    terminal.send(0x1206, Buffer.concat([word(serial), Buffer.from([0])]));
    const done = await becomes(row.id, 'done');
    expect(done.files).toEqual([{ name: 'part one.mp4', bytes: 70_000, url: `uploads/${row.id}/part%20one.mp4` }]);
    const got = await fetch(`${server.door}/${done.files[0]!.url}`);
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    // A player goes to a moment by asking for a part.
    const part = await fetch(`${server.door}/${done.files[0]!.url}`, { headers: { range: 'bytes=60000-60009' } });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-type')]).toEqual([
      ...[206, 'bytes 60000-60009/70000', 'video/mp4'],
    ]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(60_000, 60_010))).toBe(true);
    expect(got.headers.get('content-disposition')).toMatch(/^attachment/);
    const today = new Date();
    const month = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, '0')}`;
    const used = await client.call<UsageMonth>('usage.get', { month, vehicleId: row.vehicleId });
    expect(used.ok && used.value.rows[0]?.bytes.upload).toBe(70_000);
    // The account is void, and who used it is gone.
    await until('the connection is closed', () => ftp.isClosed);
    expect((await fetch(`${server.door}/uploads/${row.id}/..%2F..%2Fsettings.json`)).status).toBe(404);
    expect(await client.call('upload.remove', { id: row.id })).toMatchObject({ ok: true });
    expect(existsSync(placeOf(row))).toBe(false);
    await terminal.end();
  });

  it('is paused, goes on and is cancelled by the serial of its instruction', async () => {
    const terminal = await terminalOf(dialect);
    const { serial, row } = await asked(terminal);
    for (const [method, code, phase] of [
      ['upload.pause', 0, 'paused'],
      ['upload.resume', 1, 'accepted'],
      ['upload.cancel', 2, 'cancelled'],
    ] as const) {
      const answer = client.call<UploadRow>(method, { id: row.id });
      const { body } = await terminal.next(0x9207);
      expect([body.readUInt16BE(0), body[2], body.length]).toEqual([serial, code, 3]);
      expect(await answer).toMatchObject({ ok: true, value: { phase } });
    }
    await terminal.end();
  });
});

describe('a client of the FTP server', () => {
  it('gets in with its own password alone, and is sent away after three tries', async () => {
    const terminal = await terminalOf();
    const { order } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    expect(await ftp.say('STOR x')).toMatch(/^530/);
    expect(await ftp.login(order.user, 'wrong')).toMatch(/^530/);
    expect(await ftp.login('anonymous', order.password)).toMatch(/^530/);
    expect(await ftp.login('', '')).toMatch(/^50[01]|^530/);
    ftp.write(`USER ${order.user}\r\nPASS nope\r\n`);
    await until('it is closed', () => ftp.isClosed);
    await terminal.end();
  });

  it('cannot leave its folder, read, rename, delete, or follow a link', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    const other = await asked(await terminalOf());
    const names = ['../x', '/../x', '../../../x', 'a/../../x', '..', `/../${other.row.id}/x`, '..\\x', 'C:\\x', 'a:b'];
    for (const name of names) expect(await ftp.send(`STOR ${name}`, Buffer.from('no')), name).toMatch(/^550/);
    for (const line of ['CWD ..', 'CWD /etc', 'MKD ../y', 'MKD /../y', 'SIZE ../../uploads.json'])
      expect(await ftp.say(line), line).toMatch(line === 'CWD ..' ? /^250 "\/"/ : /^550/);
    for (const line of ['RETR x', 'DELE x', 'RNFR x', 'RMD x', 'SITE CHMOD 777 x', 'STAT', 'STOU', 'AUTH TLS'])
      expect(await ftp.say(line), line).toMatch(/^502/);
    symlinkSync(folder, join(placeOf(row), 'link'));
    symlinkSync(join(folder, 'settings.json'), join(placeOf(row), 'file'));
    expect(await ftp.send('STOR link/x', Buffer.from('no'))).toMatch(/^550/);
    expect(await ftp.send('STOR file', Buffer.from('no'))).toMatch(/^550/);
    expect(await ftp.say('CWD link')).toMatch(/^550/);
    // Only to whoever asks, and to no port of the system.
    expect(await ftp.say('PORT 10,0,0,1,200,10')).toMatch(/^5/);
    expect(await ftp.say('PORT 127,0,0,1,0,22')).toMatch(/^501/);
    // An absolute path begins at its folder.
    expect(await ftp.send('STOR /inside.bin', Buffer.from('yes'))).toMatch(/^226/);
    expect(readFileSync(join(placeOf(row), 'inside.bin'), 'latin1')).toBe('yes');
    expect(readdirSync(folder).filter(name => /^[xy]$/.test(name))).toEqual([]);
    expect(readdirSync(placeOf(other.row))).toEqual([]);
    ftp.close();
    await terminal.end();
  });

  it('goes on with REST and APPE where it was', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    await ftp.send('STOR a', Buffer.from('0123456789'));
    await ftp.say('REST 4');
    expect(await ftp.send('STOR a', Buffer.from('xy'))).toMatch(/^226/);
    expect(await ftp.say('SIZE a')).toBe('213 6');
    expect(await ftp.send('APPE a', Buffer.from('end'))).toMatch(/^226/);
    await ftp.say('REST 400');
    expect(await ftp.send('STOR a', Buffer.from('no'))).toMatch(/^550/);
    expect(readFileSync(join(placeOf(row), 'a'), 'latin1')).toBe('0123xyend');
    expect((await rowOf(row.id))?.bytes).toBe(9);
    ftp.close();
    await terminal.end();
  });

  it('may have the server connect to it, and to nobody else', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    const listener = createServer(socket => socket.end('by PORT')).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    expect(await ftp.say(`PORT 127,0,0,1,${port >> 8},${port & 255}`)).toMatch(/^200/);
    expect(await ftp.say('STOR a')).toMatch(/^150/);
    expect(await ftp.reply()).toMatch(/^226/);
    expect(readFileSync(join(placeOf(row), 'a'), 'latin1')).toBe('by PORT');
    listener.close();
    ftp.close();
    await terminal.end();
  });

  it('is sent to the passive ports that are set, one after the other', async () => {
    const from = await freePorts(3);
    for (const [key, value] of Object.entries({ ftpPassiveFrom: from, ftpPassiveTo: from + 2 }))
      expect(await client.call('settings.set', { key, value })).toMatchObject({ ok: true });
    const terminal = await terminalOf();
    const { order } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    const ports: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const socket = await ftp.passive();
      ports.push(socket.remotePort ?? 0);
      expect(await ftp.say('STOR a')).toMatch(/^150/);
      socket.end('yes');
      expect(await ftp.reply()).toMatch(/^226/);
    }
    expect(ports.filter(port => port < from || port > from + 2)).toEqual([]);
    expect(new Set(ports).size).toBeGreaterThan(1);
    for (const key of ['ftpPassiveFrom', 'ftpPassiveTo']) await client.call('settings.set', { key, value: 0 });
    ftp.close();
    await terminal.end();
  });

  it('may cut its commands anywhere, and say no line without end', async () => {
    const terminal = await terminalOf();
    const { order } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    for (const byte of `USER ${order.user}\r\n`) {
      ftp.write(byte);
      await new Promise(done => setImmediate(done));
    }
    expect(await ftp.reply()).toMatch(/^331/);
    expect(await ftp.say(`PASS ${order.password}`)).toMatch(/^230/);
    ftp.write('A'.repeat(5000));
    await until('it is closed', () => ftp.isClosed);
    await terminal.end();
  });

  it('brings no more bytes than are allowed, and the upload says so', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    void ftp.send('STOR large', Buffer.alloc(3_000_000)).catch(() => undefined);
    const failed = await becomes(row.id, 'failed');
    expect(failed.error?.code).toBe('uploadTooLarge');
    expect(failed.bytes).toBeLessThanOrEqual(1_000_000);
    await until('it is closed', () => ftp.isClosed);
    await terminal.end();
  });
});

describe('a terminal that does otherwise', () => {
  it('refuses, brings nothing, fails, or names another serial', async () => {
    const terminal = await terminalOf();
    terminal.answers = () => 1;
    expect((await asked(terminal)).row).toMatchObject({ phase: 'failed', error: { code: 'commandFailed' } });
    terminal.answers = () => 0;
    for (const [result, code] of [
      [0, 'uploadEmpty'],
      [1, 'uploadFailed'],
    ] as const) {
      const { serial, row } = await asked(terminal);
      terminal.send(0x1206, Buffer.concat([word((serial + 500) & 0xffff), Buffer.from([result])]));
      expect(await phaseOf(row.id)).toBe('accepted');
      terminal.send(0x1206, Buffer.concat([word(serial), Buffer.from([result])]));
      expect((await becomes(row.id, 'failed')).error?.code).toBe(code);
    }
    await terminal.end();
  });
});

describe('a server that is started again', () => {
  it('has the terminal go on with the same account in the same folder', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    let ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    await ftp.send('STOR a', Buffer.from('first '));
    ftp.close();
    client.close();
    await server.stop();
    await terminal.end();
    await begin();
    expect(await rowOf(row.id)).toMatchObject({ phase: 'asked', reason: 'offline', bytes: 6 });
    const again = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone: terminal.phone });
    await again.enrol();
    const message = await again.next(0x9206);
    const second = readUpload(message.body);
    expect([second.user, second.password]).toEqual([order.user, order.password]);
    ftp = await FtpCaller.open(second.port);
    expect(await ftp.login(order.user, order.password)).toMatch(/^230/);
    await ftp.send('APPE a', Buffer.from('second'));
    again.send(0x1206, Buffer.concat([word(message.serial), Buffer.from([0])]));
    await becomes(row.id, 'done');
    expect(readFileSync(join(placeOf(row), 'a'), 'latin1')).toBe('first second');
    ftp.close();
    await again.end();
  }, 60_000);
});

describe('what 0x9206 names', () => {
  const set = (key: string, value: string | number) => client.call('settings.set', { key, value });

  it('is the address and the port by which vehicles reach the FTP server, where these are others', async () => {
    const terminal = await terminalOf();
    await set('ftpHost', 'fleet.example.org');
    await set('ftpPublicPort', 20_021);
    const { order, row } = await asked(terminal);
    await set('ftpHost', '');
    await set('ftpPublicPort', 0);
    expect(order).toMatchObject({ address: 'fleet.example.org', port: 20_021 });
    await client.call('upload.cancel', { id: row.id });
    await terminal.end();
  });

  it('is which alarms the files are of, when only those are wanted', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal, {
      alarms: 0x0000_0003,
      videoAlarms: 0x8000_0000,
      conditions: ['lan'],
    });
    // 64 bits, video alarms above; audio and video, any stream, any storage; LAN.
    expect(order.tail).toBe('8000000000000003' + '00000002');
    expect(row).toMatchObject({ alarms: 3, videoAlarms: 0x8000_0000 });
    await client.call('upload.cancel', { id: row.id });
    await terminal.end();
  });
});

describe('a disk that has too little room', () => {
  const headroom = (megabytes: number) =>
    client.call('settings.set', { key: 'recordHeadroomMb', value: megabytes }) as Promise<{ ok: boolean }>;
  /** More than any disk of a test machine has. */
  const everything = 10_000_000;

  it('lets nothing be ordered, and pauses what comes until there is room again', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const ftp = await FtpCaller.open(order.port);
    await ftp.login(order.user, order.password);
    expect(await ftp.send('STOR a.mp4', Buffer.alloc(1000))).toMatch(/^226/);
    await becomes(row.id, 'transferring');
    expect((await headroom(everything)).ok).toBe(true);
    const told = await terminal.next(0x9207);
    expect(told.body[2]).toBe(0);
    expect((await becomes(row.id, 'paused')).error?.code).toBe('uploadNoRoom');
    for (const [method, args] of [
      ['upload.resume', { id: row.id }],
      ['upload.start', { vehicleId: terminal.phone, channel: 1, from: ten, to: ten + minute }],
    ] as const)
      expect(await client.call(method, args)).toMatchObject({ ok: false, code: 'uploadNoRoom' });
    await headroom(2048);
    expect(await client.call('upload.resume', { id: row.id })).toMatchObject({ ok: true });
    expect((await terminal.next(0x9207)).body[2]).toBe(1);
    expect((await rowOf(row.id))?.error).toBeUndefined();
    await client.call('upload.cancel', { id: row.id });
    ftp.close();
    await terminal.end();
  });
});

describe('the port of the FTP server', () => {
  it('is told of among the others while it is open', async () => {
    const terminal = await terminalOf();
    const { order, row } = await asked(terminal);
    const listening = async () => {
      const health = (await (await fetch(`${server.door}/api/health`)).json()) as {
        listening: { protocol: string; port: number }[];
      };
      return health.listening.filter(({ protocol }) => protocol === 'ftp').map(({ port }) => port);
    };
    await until('it is told of', async () => (await listening()).includes(order.port), 10_000);
    await client.call('upload.cancel', { id: row.id });
    await terminal.end();
  });
});
