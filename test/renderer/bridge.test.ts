import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { MediaDown } from '../../electron/contract.ts';
import { openPort } from '../../renderer/bridge.ts';
import type { Way } from '../../renderer/link.ts';

let server: WebSocketServer;
let socket: WebSocket;
let said: unknown[];
let way: Way;
let losses: { count: number };

const arrive = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 30));

/** The next message that comes out of a port. */
function next(port: MessagePort): Promise<MessageEvent> {
  return new Promise(resolve => {
    port.onmessage = resolve;
  });
}

beforeEach(async () => {
  said = [];
  const mine = { count: 0 };
  losses = mine;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal('window', {});
  vi.stubGlobal('location', new URL(`http://127.0.0.1:${port}/live-stream.html?token=abc`));
  const connected = new Promise<string>(resolve => {
    server.once('connection', (client, request) => {
      socket = client;
      client.on('message', data => said.push(JSON.parse(String(data))));
      resolve(request.url ?? '');
    });
  });
  way = await openPort(() => {
    mine.count++;
  });
  expect(await connected).toBe('/ws/console?token=abc');
});

afterEach(() => {
  way.close();
  for (const client of server.clients) client.terminate();
  server.close();
  vi.unstubAllGlobals();
});

/** Opens media port 12 and gives back the console's end. */
async function openMedia(): Promise<MessagePort> {
  const opened = next(way.port);
  socket.send('{"type":"port","subscription":12}');
  const event = await opened;
  expect(event.data).toEqual({ type: 'port', subscription: 12 });
  return event.ports[0]!;
}

/** Header of docs/web-door.md, written out here by hand. */
function binary(kind: number, flags: number, payloadType: number, payload: number[]): Uint8Array {
  const bytes = new Uint8Array(32 + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set([1, kind, flags, payloadType]);
  view.setUint32(4, 12);
  view.setUint32(8, 7);
  view.setFloat64(16, 123_456.5);
  view.setFloat64(24, 1_795_156_328_120);
  bytes.set(payload, 32);
  return bytes;
}

it('carries calls and their answers as they are', async () => {
  const answer = next(way.port);
  way.port.postMessage({ type: 'call', id: 7, method: 'fleet.list', args: {} });
  await arrive();
  expect(said).toEqual([{ type: 'call', id: 7, method: 'fleet.list', args: {} }]);
  socket.send('{"type":"reply","id":7,"result":{"ok":true,"value":[]}}');
  expect((await answer).data).toEqual({ type: 'reply', id: 7, result: { ok: true, value: [] } });
});

it('makes frames of binary messages', async () => {
  const port = await openMedia();
  const frame = next(port);
  socket.send(binary(1, 0b11, 98, [0, 0, 0, 1, 0x65, 0x88]));
  expect((await frame).data).toEqual({
    type: 'frame',
    seq: 7,
    key: true,
    cached: true,
    ptsMs: 123_456.5,
    receivedAt: 1_795_156_328_120,
    data: new Uint8Array([0, 0, 0, 1, 0x65, 0x88]),
  } satisfies MediaDown);
  const audio = next(port);
  socket.send(binary(2, 0, 6, [0xd5, 0xd5]));
  expect((await audio).data).toMatchObject({ type: 'audio', payloadType: 6, data: new Uint8Array([0xd5, 0xd5]) });
});

it('makes bytes of the parameter sets, and passes the rest on', async () => {
  const port = await openMedia();
  const start = next(port);
  socket.send(
    '{"type":"media","subscription":12,"message":{"type":"start","codec":"h264","parameterSets":["Z0I="],"width":352,"height":288}}',
  );
  expect((await start).data).toMatchObject({
    codec: 'h264',
    parameterSets: [new Uint8Array([0x67, 0x42])],
    width: 352,
  });
  const gap = next(port);
  socket.send('{"type":"media","subscription":12,"message":{"type":"gap","frames":3,"reason":"loss"}}');
  expect((await gap).data).toEqual({ type: 'gap', frames: 3, reason: 'loss' });
});

it('sends credits and the end of a subscription', async () => {
  const port = await openMedia();
  port.postMessage({ type: 'credit', frames: 30 });
  port.postMessage({ type: 'close' });
  await arrive();
  expect(said).toEqual([
    { type: 'media', subscription: 12, message: { type: 'credit', frames: 30 } },
    { type: 'media', subscription: 12, message: { type: 'close' } },
  ]);
});

it('ignores frames of closed or unknown subscriptions, short messages and other layouts', async () => {
  const port = await openMedia();
  const got: unknown[] = [];
  port.onmessage = event => got.push(event.data);
  const other = binary(1, 1, 98, [1]);
  other[0] = 2;
  const elsewhere = binary(1, 1, 98, [1]);
  elsewhere[7] = 99;
  for (const message of [other, elsewhere, new Uint8Array(31)]) socket.send(message);
  await arrive();
  expect(got).toEqual([]);
});

it('tells when the socket is gone, and closes it when the way is closed', async () => {
  socket.terminate();
  await arrive();
  expect(losses.count).toBe(1);
});

it('closes the socket with the way', async () => {
  const closed = new Promise(resolve => socket.once('close', resolve));
  way.close();
  await closed;
});

it('carries the microphone up as text and the cab down as what it is', async () => {
  const port = await openMedia();
  port.postMessage({ type: 'speak', on: true });
  port.postMessage({ type: 'sound', data: Int16Array.of(1, -2, 0x1234) });
  await arrive();
  expect(said).toEqual([
    { type: 'media', subscription: 12, message: { type: 'speak', on: true } },
    {
      type: 'media',
      subscription: 12,
      message: { type: 'sound', data: Buffer.from('0100feff3412', 'hex').toString('base64') },
    },
  ]);
  const heard = next(port);
  // Layout 1, kind 3, payload type 6, subscription 12, number 5; two bytes of sound.
  const binary = Buffer.alloc(34);
  binary.set([1, 3, 0, 6], 0);
  binary.writeUInt32BE(12, 4);
  binary.writeUInt32BE(5, 8);
  binary.writeDoubleBE(20, 16);
  binary.writeDoubleBE(99, 24);
  binary.set([0xd5, 0x55], 32);
  socket.send(binary);
  expect((await heard).data).toEqual({
    ...{ type: 'sound', seq: 5, payloadType: 6, ptsMs: 20, receivedAt: 99 },
    data: Uint8Array.of(0xd5, 0x55),
  });
});
