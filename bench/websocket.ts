import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../electron/clock.ts';
import type { Frame } from '../electron/frames/frame.ts';
import { silentLog } from '../electron/log.ts';
import { encodeMedia, mediaHeaderBytes, mediaKinds } from '../electron/web/media-message.ts';
import { WebDoor } from '../electron/web/web-door.ts';
import { SmallDesk, vehicle } from '../test/ipc/small-desk.ts';
import { accessUnit } from './camera-stream.ts';
import type { BenchResult } from './result.ts';
import { Readers } from './websocket-pace.ts';
import { floodOverTcp } from './websocket-tcp.ts';

const clients = 16;
const warmMs = 1500;
const measureMs = 4000;
const leastRate = 60;

/** One second of a camera: an I frame of 20 kB and 24 P frames of 4.4 kB, about 1 Mbit/s. */
function secondOf(camera: number): Frame[] {
  return Array.from({ length: 25 }, (_, at) => {
    const key = at === 0;
    const data = accessUnit(key, key ? 20_000 : 4_400, camera * 131 + at);
    return { key, codec: 'h264', payloadType: 98, ptsMs: at * 40, deviceMs: BigInt(at * 40), receivedAt: at, data };
  });
}

const cameraId = (camera: number) => String(13_900_100_000 + camera);

/** Frames handed to the hub in this process; hub, door and sockets are the product's. */
async function throughDoor(seconds: readonly Frame[][]): Promise<{ rate: number; dropped: number }> {
  const small = new SmallDesk(systemClock, { webPort: 0 });
  for (let camera = 0; camera < clients; camera++) {
    small.vehicles.set(cameraId(camera), vehicle(cameraId(camera)));
    small.side.online.add(cameraId(camera));
  }
  const { tally, desk, settings } = small;
  const door = new WebDoor({ desk, settings, staticDir: '', tally, clock: systemClock, log: silentLog });
  const { port } = await door.listen();
  const readers = new Readers({
    readers: seconds.map((_, camera) => ({
      url: `ws://127.0.0.1:${port}/ws/video?format=binary`,
      subscribe: { type: 'subscribe', vehicleId: cameraId(camera), channel: 1 },
    })),
  });
  await readers.ready(clients);
  const sinks = seconds.map((_, camera) => small.side.sink(`${cameraId(camera)}_1_main`));
  let at = 0;
  const rate = await readers.flood(
    () => {
      let bytes = 0;
      for (let camera = 0; camera < clients; camera++) {
        const frame = seconds[camera]![at % 25]!;
        sinks[camera]!.packet(frame.data.byteLength, 0);
        sinks[camera]!.frame(frame);
        bytes += frame.data.byteLength + mediaHeaderBytes;
      }
      at++;
      return bytes;
    },
    warmMs,
    measureMs,
  );
  await readers.close();
  await door.close();
  small.hub.close();
  return { rate, dropped: tally.get('hub.slowConsumerFrames') };
}

/** The limit: the same messages, ready made, thrown at the same readers by nothing but `ws`. */
async function throughBareSockets(seconds: readonly Frame[][]): Promise<number> {
  const messages = seconds.map(frames =>
    frames.map(({ key, data, ptsMs, receivedAt }, seq) =>
      encodeMedia(
        { kind: mediaKinds.frame, key, cached: false, payloadType: 98, subscription: 1, seq, ptsMs, receivedAt },
        data,
      ),
    ),
  );
  const server = createServer();
  const sockets: WebSocket[] = [];
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => sockets.push(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const readers = new Readers({ readers: seconds.map(() => ({ url: `ws://127.0.0.1:${port}/` })) });
  await readers.ready(clients);
  let at = 0;
  const rate = await readers.flood(
    () => {
      let bytes = 0;
      for (const [camera, socket] of sockets.entries()) {
        const message = messages[camera]![at % 25]!;
        socket.send(message);
        bytes += message.byteLength;
      }
      at++;
      return bytes;
    },
    warmMs,
    measureMs,
  );
  await readers.close();
  server.close();
  return rate;
}

export async function run(): Promise<BenchResult> {
  const seconds = Array.from({ length: clients }, (_, camera) => secondOf(camera));
  const bare = await throughBareSockets(seconds);
  const { rate, dropped } = await throughDoor(seconds);
  const tcp = await floodOverTcp({ cameras: clients, warmMs, measureMs });
  const whole = (value: number) => Math.round(value);
  return {
    name: 'Frames to 16 WebSocket clients in another process',
    rows: [
      { label: 'bare ws, ready-made messages', value: whole(bare), unit: 'MB/s' },
      { label: 'hub and web door', value: whole(rate), unit: 'MB/s' },
      { label: 'of bare ws', value: whole((rate / bare) * 100), unit: '%' },
      { label: 'frames dropped', value: dropped, unit: 'frames' },
      { label: 'server process, fed over TCP', value: whole(tcp.rate), unit: 'MB/s' },
      { label: 'frames dropped', value: tcp.dropped, unit: 'frames' },
    ],
    ratio: rate / bare,
    target: `at least ${leastRate} MB/s delivered, none dropped`,
    ok: rate >= leastRate && tcp.rate >= leastRate && dropped === 0 && tcp.dropped === 0,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  for (const row of result.rows) console.log(`${row.label.padEnd(32)} ${row.value} ${row.unit}`);
  console.log(`ratio ${result.ratio.toFixed(2)}, ${result.target}: ${result.ok ? 'met' : 'MISSED'}`);
}
