import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appInfo } from '../electron/app-info.ts';
import { collectBuffersWithHeap } from '../electron/buffer-collection.ts';
import { ConvoyServer } from '../electron/server.ts';
import { SettingsStore } from '../electron/settings-store.ts';
import { LoadFleet } from './load-fleet-process.ts';
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
  const fleet = new LoadFleet({ ...plan, signalPort: signal, mediaPort: media });
  try {
    await until(() => fleet.ids.every(id => server.desk.vehicle(id)?.state === 'online'));
    const watched = await watch(server, fleet.ids);
    const sent = await fleet.run();
    await new Promise(settled => setTimeout(settled, 500));
    return { watched, sent, server };
  } finally {
    fleet.close();
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
