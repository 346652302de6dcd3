import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MediaDown } from '../electron/contract.ts';
import { NodePort, nodeChannel } from '../electron/ipc/node-port.ts';
import type { Channel, Port } from '../electron/ipc/port.ts';
import type { ConvoyServer } from '../electron/server.ts';
import { stampBytes } from './load-plan.ts';
import { withLoad } from './load-run.ts';
import { type BenchResult, percentile, round } from './result.ts';

const streams = 64;
const seconds = 23;
/** Not counted: code that runs for the first time is slow, and the first packets of a UDP source are gathered to find its order. */
const warmUpMs = 3000;
const mostLatencyMs = 5;
const mostDelayMs = 10;

interface Seen {
  frames: number;
  latencies: number[];
}

/** A media port that notes, when a frame is posted, how long ago its last packet was sent. */
class StampedPort implements Port {
  readonly #port: Port;
  readonly #seen: Seen;
  #countFrom = 0;

  constructor(port: Port, seen: Seen) {
    this.#port = port;
    this.#seen = seen;
  }

  post(message: unknown, ports?: Port[]): void {
    this.#port.post(message, ports);
    const down = message as MediaDown;
    if (down.type !== 'frame' || down.cached) return;
    const { data } = down;
    const stamp = new DataView(data.buffer).getFloat64(data.byteLength - stampBytes, true);
    const now = performance.now();
    this.#countFrom ||= now + warmUpMs;
    this.#seen.frames++;
    if (now >= this.#countFrom) this.#seen.latencies.push(performance.timeOrigin + now - stamp);
  }

  onMessage(run: (message: unknown) => void): void {
    this.#port.onMessage(run);
  }

  onClose(run: () => void): void {
    this.#port.onClose(run);
  }

  close(): void {
    this.#port.close();
  }
}

async function measure(transport: 'udp' | 'tcp'): Promise<{ p50: number; p99: number; loop: number; share: number }> {
  const seen: Seen = { frames: 0, latencies: [] };
  const delays: number[] = [];
  const worker = new Worker(new URL('window-worker.ts', import.meta.url));
  const stamped = (): Channel => {
    const { near, far } = nodeChannel();
    return { near: new StampedPort(near, seen), far };
  };
  const watch = async (server: ConvoyServer, vehicleIds: string[]) => {
    const { port1, port2 } = new MessageChannel();
    server.connectConsole(new NodePort(port1), stamped);
    worker.postMessage({ control: port2, vehicleIds }, [port2]);
    await once(worker, 'message');
    server.desk.watch({
      health: health => delays.push(health.loopP99),
      vehicle: () => undefined,
      vehicleRemoved: () => undefined,
      stream: () => undefined,
      notice: () => undefined,
      recording: () => undefined,
      recorder: () => undefined,
      exportJob: () => undefined,
      service: () => undefined,
    });
  };
  const { sent } = await withLoad({ vehicles: streams, transport, seconds, packetsPerSecond: 0 }, watch);
  await worker.terminate();
  return {
    p50: percentile(seen.latencies, 50),
    p99: percentile(seen.latencies, 99),
    loop: percentile(delays.slice(-Math.floor(seconds - warmUpMs / 1000)), 99),
    share: seen.frames / sent.frames,
  };
}

/** 64 cameras of 1 Mbit/s: from the last packet of a frame, as sent by another process, to the frame's posting to a window. */
export async function run(): Promise<BenchResult> {
  const tcp = await measure('tcp');
  const udp = await measure('udp');
  const p99 = Math.max(tcp.p99, udp.p99);
  const loop = Math.max(tcp.loop, udp.loop);
  return {
    name: 'last packet → frame posted, 64 streams of 1 Mbit/s',
    rows: [
      { label: 'TCP p50', value: round(tcp.p50, 2), unit: 'ms' },
      { label: 'TCP p99', value: round(tcp.p99, 2), unit: 'ms' },
      { label: 'UDP p50', value: round(udp.p50, 2), unit: 'ms' },
      { label: 'UDP p99', value: round(udp.p99, 2), unit: 'ms' },
      { label: 'event-loop delay p99', value: round(loop, 2), unit: 'ms' },
      { label: 'frames delivered', value: round(Math.min(tcp.share, udp.share) * 100, 2), unit: '%' },
    ],
    ratio: round(p99 / mostLatencyMs, 2),
    target: `p99 <= ${mostLatencyMs} ms, loop p99 <= ${mostDelayMs} ms`,
    ok: p99 <= mostLatencyMs && loop <= mostDelayMs && Math.min(tcp.share, udp.share) > 0.999,
  };
}
