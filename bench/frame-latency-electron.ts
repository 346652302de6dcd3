import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlDown, MediaDown } from '../electron/contract.ts';
import { removeFolder, temporaryFolder, until } from '../test/e2e/consoles.ts';
import { BareElectron } from './bare-electron.ts';
import { LoadFleet } from './load-fleet-process.ts';
import { stampBytes } from './load-plan.ts';
import { type BenchResult, percentile, round } from './result.ts';

const streams = 64;
const seconds = 23;
/** Code that runs for the first time is slow. */
const warmUpMs = 3000;
const mostLatencyMs = 5;
const mostDelayMs = 10;

interface Seen {
  online: number;
  frames: number;
  latencies: number[];
  delays: number[];
}

declare global {
  interface Window {
    seen: Seen;
  }
}

interface Measured {
  /** ms from the last packet of a frame to its posting. */
  posted: number[];
  /** ms from there to its arrival in the window. */
  arrived: number[];
  loop: number;
  share: number;
}

async function measure(transport: 'udp' | 'tcp'): Promise<Measured> {
  const folder = temporaryFolder();
  const file = join(folder, 'posted.json');
  const app = await BareElectron.open([`--transport=${transport}`, '--default-channels=1'], {
    before: ['-r', fileURLToPath(new URL('posted-frames.cjs', import.meta.url))],
    env: { CONVOY_POSTED_FRAMES: JSON.stringify({ file, stampBytes, warmUpMs }) },
  });
  const fleet = new LoadFleet({
    ...{ vehicles: streams, transport, seconds, packetsPerSecond: 0 },
    ...{ signalPort: app.ports.signal, mediaPort: app.ports.media },
  });
  try {
    const { page } = app;
    // An address of the page's own origin where no console runs: the window only takes what comes.
    await page.goto(new URL('empty', page.url()).href);
    await page.evaluate(watchAll, { streams, stampBytes, warmUpMs });
    await until('the fleet', () => page.evaluate(count => window.seen.online >= count, streams));
    const sent = await fleet.run();
    await new Promise(settled => setTimeout(settled, 500));
    const { frames, latencies, delays } = await page.evaluate(() => window.seen);
    await app.close();
    return {
      posted: JSON.parse(readFileSync(file, 'utf8')) as number[],
      arrived: latencies,
      loop: percentile(delays.slice(-Math.floor(seconds - warmUpMs / 1000)), 99),
      share: frames / sent.frames,
    };
  } finally {
    fleet.close();
    await app.close();
    removeFolder(folder);
  }
}

/** In the page: opens every camera of every vehicle that comes online, and notes how old its frames are on arrival. */
function watchAll(plan: { streams: number; stampBytes: number; warmUpMs: number }): Promise<void> {
  const seen: Seen = { online: 0, frames: 0, latencies: [], delays: [] };
  window.seen = seen;
  let countFrom = 0;
  const opened = new Set<string>();
  const watch = (port: MessagePort) => {
    let taken = 0;
    port.onmessage = ({ data: message }: MessageEvent<MediaDown>) => {
      const now = performance.now();
      if (message.type !== 'frame') return;
      const { data, cached } = message;
      if (++taken === 16) {
        port.postMessage({ type: 'credit', frames: taken });
        taken = 0;
      }
      if (cached) return;
      seen.frames++;
      countFrom ||= now + plan.warmUpMs;
      const stamp = new DataView(data.buffer).getFloat64(data.byteLength - plan.stampBytes, true);
      if (now >= countFrom) seen.latencies.push(performance.timeOrigin + now - stamp);
    };
  };
  return new Promise(resolve => {
    window.addEventListener('message', ({ ports: [control] }) => {
      if (!control) return;
      control.onmessage = ({ data, ports }: MessageEvent<ControlDown>) => {
        if (data.type === 'port' && ports[0]) watch(ports[0]);
        if (data.type !== 'delta') return;
        if (data.delta.health) seen.delays.push(data.delta.health.loopP99);
        for (const { id, state } of data.delta.vehicles ?? []) {
          if (state !== 'online' || opened.has(id)) continue;
          opened.add(id);
          seen.online++;
          const args = { vehicleId: id, channel: 1, stream: 'main', credits: 64 };
          control.postMessage({ type: 'call', id: seen.online, method: 'stream.open', args });
        }
      };
      resolve();
    });
    window.convoy?.connect();
  });
}

/** As frame-latency.ts, in the desktop application; and to the arrival in its window, which is later than the posting. */
export async function run(): Promise<BenchResult> {
  const tcp = await measure('tcp');
  const udp = await measure('udp');
  const p99 = Math.max(percentile(tcp.posted, 99), percentile(udp.posted, 99));
  const loop = Math.max(tcp.loop, udp.loop);
  const share = Math.min(tcp.share, udp.share);
  const rows = [
    ['TCP p50, posted', tcp.posted, 50],
    ['TCP p99, posted', tcp.posted, 99],
    ['TCP p99, in the window', tcp.arrived, 99],
    ['UDP p50, posted', udp.posted, 50],
    ['UDP p99, posted', udp.posted, 99],
    ['UDP p99, in the window', udp.arrived, 99],
  ] as const;
  return {
    name: 'last packet → frame posted to the window of Electron, 64 streams of 1 Mbit/s',
    rows: [
      ...rows.map(([label, ages, part]) => ({ label, value: round(percentile(ages, part), 2), unit: 'ms' })),
      { label: 'event-loop delay p99 of the main process', value: round(loop, 2), unit: 'ms' },
      { label: 'frames delivered', value: round(share * 100, 2), unit: '%' },
    ],
    ratio: round(p99 / mostLatencyMs, 2),
    target: `p99 <= ${mostLatencyMs} ms, loop p99 <= ${mostDelayMs} ms`,
    ok: p99 <= mostLatencyMs && loop <= mostDelayMs && share > 0.999,
  };
}
