import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appInfo } from '../electron/app-info.ts';
import { collectBuffersWithHeap } from '../electron/buffer-collection.ts';
import { ConvoyServer } from '../electron/server.ts';
import { SettingsStore } from '../electron/settings-store.ts';
import { simOf } from './camera-stream.ts';
import type { LoadPlan, LoadReport } from './load-plan.ts';

/** A server in this process and a loaded fleet in another. `watch` opens the streams that the fleet waits to be asked for. */
export async function withLoad<T>(
  plan: Omit<LoadPlan, 'signalPort' | 'mediaPort'>,
  watch: (server: ConvoyServer, vehicleIds: string[]) => Promise<T>,
): Promise<{ watched: T; sent: LoadReport & { type: 'done' }; server: ConvoyServer }> {
  collectBuffersWithHeap();
  const dataDir = await mkdtemp(join(tmpdir(), 'convoy-bench-'));
  const overrides = { host: '127.0.0.1', signalPort: 0, mediaPort: 0, transport: plan.transport };
  const server = new ConvoyServer({
    settings: await SettingsStore.open(dataDir, overrides, Date.now()),
    dataDir,
    info: await appInfo('web', dataDir),
    staticDir: dataDir,
    simulatorDir: dataDir,
  });
  await server.start();
  const { signal, media } = server.ports;
  const child = fork(fileURLToPath(new URL('load-fleet.ts', import.meta.url)), [
    JSON.stringify({ ...plan, signalPort: signal, mediaPort: media } satisfies LoadPlan),
  ]);
  try {
    const ids = Array.from({ length: plan.vehicles }, (_, index) => Buffer.from(simOf(index)).toString('hex'));
    await until(() => ids.every(id => server.desk.vehicle(id)?.state === 'online'));
    const ready = told(child, 'ready');
    const watched = await watch(server, ids);
    await ready;
    const done = told(child, 'done');
    child.send('go');
    const sent = (await done) as LoadReport & { type: 'done' };
    await new Promise(settled => setTimeout(settled, 500));
    return { watched, sent, server };
  } finally {
    child.kill();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 600) throw new Error('the fleet did not come online within 30 s');
    await new Promise(done => setTimeout(done, 50));
  }
}

function told(child: ChildProcess, type: LoadReport['type']): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const listen = (report: LoadReport) => {
      if (report.type !== type) return;
      child.off('message', listen);
      resolve(report);
    };
    child.on('message', listen);
    child.once('exit', code => reject(new Error(`the fleet's process ended with ${code}`)));
  });
}
