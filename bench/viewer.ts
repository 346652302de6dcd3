import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { decodeMedia, mediaHeaderBytes } from '../electron/web/media-message.ts';
import { accessUnit } from './camera-stream.ts';
import { type BenchResult, median, round } from './result.ts';
import { FloodingTerminal, ServedConvoy } from './websocket-tcp.ts';

const viewers = 40;
const mostMs = 300;
const frameMs = 40;
/** Longer than a second: the newcomer is given a whole group of pictures, 25 frames at most. */
const settleMs = 1500;
const phone = '013900000001';
const subscribe = JSON.stringify({ type: 'subscribe', vehicleId: phone, channel: 1 });

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

interface Arrival {
  /** From the beginning of the connection to the first key frame, ms. */
  first: number;
  /** To the first frame that is not from the cache: the newcomer has caught up. */
  live: number;
}

function watch(url: string): Promise<{ arrival: Arrival; socket: WebSocket }> {
  const began = performance.now();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('open', () => socket.send(subscribe));
  let first = 0;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data, isBinary) => {
      const frame = isBinary ? decodeMedia(data as Buffer) : undefined;
      if (!frame) return;
      if (first === 0 && frame.key) first = performance.now() - began;
      if (!frame.cached && first !== 0) resolve({ arrival: { first, live: performance.now() - began }, socket });
    });
  });
}

/** The limit: a bare `ws` server that throws one key frame's bytes at whoever says hello. */
async function bareFirst(): Promise<number[]> {
  const server = createServer();
  const frame = Buffer.concat([Buffer.alloc(mediaHeaderBytes), accessUnit(true, 20_000, 1)]);
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket =>
    socket.on('message', () => socket.send(frame)),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const times: number[] = [];
  for (let turn = 0; turn < viewers; turn++) {
    const began = performance.now();
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    socket.on('open', () => socket.send(subscribe));
    await new Promise(resolve => socket.once('message', resolve));
    times.push(performance.now() - began);
    socket.terminate();
  }
  server.close();
  return times;
}

export async function run(): Promise<BenchResult> {
  const bare = await bareFirst();
  const server = await ServedConvoy.start();
  const terminal = new FloodingTerminal(1);
  await terminal.enter(server.signalPort);
  const url = `${server.web.replace('http', 'ws')}ws/video?format=binary`;
  const begun = watch(url);
  await terminal.beginMedia(server.mediaPort);
  const camera = setInterval(() => terminal.sendFrame(), frameMs);
  const { socket: running } = await begun;
  await pause(settleMs);
  const arrivals: Arrival[] = [];
  for (let viewer = 0; viewer < viewers; viewer++) {
    const { arrival, socket } = await watch(url);
    arrivals.push(arrival);
    socket.terminate();
    await pause(17);
  }
  clearInterval(camera);
  running.terminate();
  terminal.close();
  await server.stop();
  const first = arrivals.map(arrival => arrival.first);
  const slowest = Math.max(...first);
  return {
    name: 'First picture of a second viewer',
    rows: [
      { label: 'bare ws: connect, ask, one key frame; median', value: round(median(bare)), unit: 'ms' },
      { label: 'connect, subscribe, key frame; median', value: round(median(first)), unit: 'ms' },
      { label: 'slowest', value: round(slowest), unit: 'ms' },
      {
        label: 'first live frame; median',
        value: round(median(arrivals.map(arrival => arrival.live))),
        unit: 'ms',
      },
    ],
    ratio: median(first) / median(bare),
    target: `at most ${mostMs} ms, the slowest of ${viewers}`,
    ok: slowest <= mostMs,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  for (const row of result.rows) console.log(`${row.label.padEnd(46)} ${row.value} ${row.unit}`);
  console.log(`ratio ${result.ratio.toFixed(2)}, ${result.target}: ${result.ok ? 'met' : 'MISSED'}`);
}
