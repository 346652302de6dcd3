import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Peer, PeerHandler } from '../../electron/accept/peer.ts';
import { PeerQuota } from '../../electron/accept/peer-quota.ts';
import { TcpAcceptor } from '../../electron/accept/tcp-acceptor.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { ErrorCode } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { eventually } from './eventually.ts';
import { ManualClock } from './manual-clock.ts';

interface Seen {
  peer: Peer;
  chunks: Buffer[];
  closed: ErrorCode[];
}

const opened: { acceptors: TcpAcceptor[]; sockets: Socket[] } = { acceptors: [], sockets: [] };
afterEach(async () => {
  for (const socket of opened.sockets.splice(0)) socket.destroy();
  for (const acceptor of opened.acceptors.splice(0)) await acceptor.close();
});

async function open(settings: Partial<Settings> = {}, more: { quota?: PeerQuota; handler?: PeerHandler } = {}) {
  const clock = new ManualClock();
  const tally = new Tally();
  const seen: Seen[] = [];
  const acceptor = new TcpAcceptor({
    host: '127.0.0.1',
    port: 0,
    settings: { ...defaultSettings(), ...settings },
    clock,
    tally,
    log: silentLog,
    ...(more.quota ? { quota: more.quota } : {}),
    accept(peer) {
      const entry: Seen = { peer, chunks: [], closed: [] };
      seen.push(entry);
      return {
        data: chunk => {
          more.handler?.data(chunk);
          entry.chunks.push(Buffer.from(chunk));
        },
        closed: code => {
          entry.closed.push(code);
          more.handler?.closed(code);
        },
      };
    },
  });
  opened.acceptors.push(acceptor);
  const { port } = await acceptor.listen();
  const dial = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    opened.sockets.push(socket);
    await new Promise<void>(resolve => socket.once('connect', resolve));
    return socket;
  };
  return { acceptor, clock, tally, seen, port, dial };
}

const lone = (seen: Seen[]): Seen => {
  expect(seen).toHaveLength(1);
  return seen[0] as Seen;
};

test('bytes go both ways and the addresses are known', async () => {
  const { seen, dial, port, acceptor } = await open();
  const socket = await dial();
  let got = '';
  socket.on('data', data => {
    got += data.toString();
  });
  socket.write('hello');
  await eventually('arrival', () => seen[0]?.chunks.length === 1);
  const { peer, chunks } = lone(seen);
  expect(chunks[0]?.toString()).toBe('hello');
  expect(peer).toMatchObject({ transport: 'tcp', remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' });
  expect(peer.localPort).toBe(port);
  expect(peer.remote).toBe(`127.0.0.1:${socket.localPort}`);
  expect(peer.send(Buffer.from('welcome'))).toBe(true);
  await eventually('reply', () => got === 'welcome');
  expect(acceptor.count).toBe(1);
});

test('a dual-stack socket writes IPv4 addresses in dotted form', async () => {
  const remotes: string[] = [];
  const acceptor = new TcpAcceptor({
    host: '::',
    port: 0,
    settings: defaultSettings(),
    clock: new ManualClock(),
    tally: new Tally(),
    log: silentLog,
    accept(peer) {
      remotes.push(peer.remoteAddress, peer.localAddress);
      return { data: () => undefined, closed: () => undefined };
    },
  });
  opened.acceptors.push(acceptor);
  const { port } = await acceptor.listen();
  opened.sockets.push(connect(port, '127.0.0.1'));
  await eventually('accept', () => remotes.length === 2);
  expect(remotes).toEqual(['127.0.0.1', '127.0.0.1']);
});

test('an orderly end is closedByPeer, a reset is socketError, each told once', async () => {
  const { seen, dial, tally, acceptor } = await open();
  const first = await dial();
  await eventually('accept', () => seen.length === 1);
  first.end();
  await eventually('end', () => seen[0]?.closed.length === 1);
  const second = await dial();
  await eventually('accept', () => seen.length === 2);
  second.resetAndDestroy();
  await eventually('reset', () => seen[1]?.closed.length === 1);
  expect(seen.map(entry => entry.closed)).toEqual([['closedByPeer'], ['socketError']]);
  expect(tally.get('accept.socketError')).toBe(1);
  expect(acceptor.count).toBe(0);
});

test('a reset before the connection is looked at harms nothing', async () => {
  const { seen, port, dial } = await open();
  for (let n = 0; n < 50; n++) {
    const socket = connect(port, '127.0.0.1', () => socket.resetAndDestroy());
    socket.on('error', () => undefined);
    opened.sockets.push(socket);
  }
  const survivor = await dial();
  survivor.write('x');
  await eventually('the next one is served', () => seen.some(entry => entry.chunks.length === 1));
});

test('close() tells the owner its code once and delivers nothing more', async () => {
  const { seen, dial } = await open();
  const socket = await dial();
  await eventually('accept', () => seen.length === 1);
  const entry = lone(seen);
  entry.peer.close('unrecognised');
  entry.peer.close('internal');
  expect(entry.closed).toEqual([]);
  expect(entry.peer.send(Buffer.from('late'))).toBe(false);
  socket.write('more');
  await eventually('close', () => entry.closed.length > 0 && socket.destroyed);
  expect(entry.closed).toEqual(['unrecognised']);
  expect(entry.chunks).toEqual([]);
});

test('an owner that throws loses that connection only', async () => {
  const broken = await open({}, { handler: { data: () => JSON.parse('{'), closed: () => JSON.parse('{') } });
  (await broken.dial()).write('x');
  await eventually('close', () => broken.seen[0]?.closed.length === 1);
  expect(broken.seen[0]?.closed).toEqual(['internal']);
  expect(broken.tally.get('accept.handlerFailed')).toBe(2);
  await broken.dial();
  await eventually('the next one is accepted', () => broken.seen.length === 2);
});

test('one that says nothing recognisable is closed, however busily it sends', async () => {
  const { seen, dial, clock, tally } = await open({ firstByteMs: 5000 });
  const slow = await dial();
  await eventually('accept', () => seen.length === 1);
  for (let second = 1; second <= 4; second++) {
    clock.pass(1000);
    slow.write('\x7e');
    await eventually('byte', () => seen[0]?.chunks.length === second);
  }
  expect(seen[0]?.peer.quiet()).toBe(0);
  expect(seen[0]?.closed).toEqual([]);
  clock.pass(2000);
  await eventually('close', () => seen[0]?.closed.length === 1);
  expect(seen[0]?.closed).toEqual(['peerIdle']);
  expect(tally.get('accept.neverRecognised')).toBe(1);
});

test('signal and media have idle limits of their own, counted from the last good unit', async () => {
  const { seen, dial, clock, tally } = await open({ idleSignalMs: 60_000, idleMediaMs: 20_000, firstByteMs: 1000 });
  const sockets = [await dial(), await dial(), await dial()];
  await eventually('accept', () => seen.length === 3);
  const [signal, media, both] = seen.map(entry => entry.peer) as [Peer, Peer, Peer];
  signal.recognised('signal');
  media.recognised('media');
  both.recognised('signal');
  both.recognised('media');
  clock.pass(19_000);
  expect(tally.get('accept.idle')).toBe(0);
  clock.pass(2000);
  await eventually('media idle', () => seen[1]?.closed.length === 1);
  expect(tally.get('accept.idle')).toBe(1);
  sockets[0]?.write('beat');
  await eventually('beat', () => seen[0]?.chunks.length === 1);
  signal.recognised('signal');
  clock.pass(45_000);
  await eventually('the other signal idle', () => seen[2]?.closed.length === 1);
  expect(seen.map(entry => entry.closed)).toEqual([[], ['peerIdle'], ['peerIdle']]);
});

test('a flood is closed and another peer is unharmed', async () => {
  const { seen, dial, tally } = await open({ maxBytesPerSecondPerPeer: 10_000 });
  const calm = await dial();
  const flood = await dial();
  await eventually('accept', () => seen.length === 2);
  const flooder = seen.find(entry => entry.peer.remote.endsWith(`:${flood.localPort}`)) as Seen;
  const other = seen.find(entry => entry !== flooder) as Seen;
  flood.write(Buffer.alloc(2_000_000));
  await eventually('close', () => flooder.closed.length === 1);
  expect(flooder.closed).toEqual(['peerOverLimit']);
  expect(Buffer.concat(flooder.chunks).length).toBeLessThanOrEqual(100_000);
  expect(tally.get('accept.overRate')).toBe(1);
  calm.write('still here');
  await eventually('calm', () => other.chunks.length === 1);
  expect(other.closed).toEqual([]);
});

test('a peer that does not read is closed at the write ceiling', async () => {
  const { seen, dial, tally } = await open({ maxWriteBuffer: 65_536 });
  const deaf = await dial();
  deaf.pause();
  await eventually('accept', () => seen.length === 1);
  const { peer, closed } = lone(seen);
  const block = Buffer.alloc(32_768);
  let sent = 0;
  while (sent < 10_000 && peer.send(block)) sent++;
  expect(sent).toBeLessThan(10_000);
  await eventually('close', () => closed.length === 1);
  expect(closed).toEqual(['slowConsumer']);
  expect(tally.get('accept.writeOverflow')).toBe(1);
});

test('ceilings hold for all ports together and places are given back', async () => {
  const settings = { ...defaultSettings(), maxConnections: 3, maxConnectionsPerAddress: 3 };
  const quota = new PeerQuota(settings);
  const one = await open({}, { quota });
  const two = await open({}, { quota });
  await one.dial();
  await one.dial();
  await two.dial();
  await eventually('three held', () => quota.count === 3);
  const refused = connect(two.port, '127.0.0.1');
  refused.on('error', () => undefined);
  await new Promise(resolve => refused.once('close', resolve));
  expect(two.tally.get('accept.tooManyPeers')).toBe(1);
  expect(new Set([...one.seen, ...two.seen].map(entry => entry.peer.id)).size).toBe(3);
  one.seen[0]?.peer.close('peerIdle');
  await eventually('given back', () => quota.count === 2);
  await two.dial();
  await eventually('taken again', () => quota.count === 3);
});

test('one address has a ceiling and a rate of its own', () => {
  const settings = { ...defaultSettings(), maxConnectionsPerAddress: 2, connectRatePerAddress: 4 };
  const quota = new PeerQuota(settings);
  expect(quota.take('10.0.0.1', 0)).toBeUndefined();
  expect(quota.take('10.0.0.1', 0)).toBeUndefined();
  expect(quota.take('10.0.0.1', 0)).toBe('tooManyPeersPerAddress');
  expect(quota.take('10.0.0.2', 0)).toBeUndefined();
  expect(quota.take('10.0.0.1', 0)).toBe('tooManyPeersPerAddress');
  expect(quota.take('10.0.0.1', 0)).toBe('connectRate');
  quota.release('10.0.0.1');
  expect(quota.take('10.0.0.1', 250)).toBeUndefined();
  expect(quota.count).toBe(3);
});

test('a port that is taken is portInUse, an address that is not ours is listenFailed', async () => {
  const { port } = await open();
  const another = (host: string, wanted: number) =>
    new TcpAcceptor({
      host,
      port: wanted,
      settings: defaultSettings(),
      clock: new ManualClock(),
      tally: new Tally(),
      log: silentLog,
      accept: () => ({ data: () => undefined, closed: () => undefined }),
    });
  await expect(another('127.0.0.1', port).listen()).rejects.toMatchObject({ code: 'portInUse' });
  await expect(another('192.0.2.1', 0).listen()).rejects.toMatchObject({ code: 'listenFailed' });
  await another('127.0.0.1', 0).close();
});

test('closing the acceptor closes its peers with shuttingDown and leaves no timer', async () => {
  const { acceptor, seen, dial, clock } = await open();
  await dial();
  await dial();
  await eventually('accept', () => seen.length === 2);
  expect(clock.timers).toBe(1);
  await acceptor.close();
  expect(seen.map(entry => entry.closed)).toEqual([['shuttingDown'], ['shuttingDown']]);
  expect(acceptor.count).toBe(0);
  expect(clock.timers).toBe(0);
});

test('a thousand peers hang on one timer', async () => {
  const { acceptor, seen, dial, clock } = await open({ connectRatePerAddress: 10_000, firstByteMs: 1000 });
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 50 }, dial));
  await eventually('all accepted', () => acceptor.count === 1000);
  expect(clock.timers).toBe(1);
  clock.pass(2000);
  await eventually('all swept', () => acceptor.count === 0);
  expect(seen.every(entry => entry.closed[0] === 'peerIdle')).toBe(true);
});
