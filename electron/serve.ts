import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appInfo } from './app-info.ts';
import { collectBuffersWithHeap } from './buffer-collection.ts';
import { systemClock } from './clock.ts';
import { defaultDataDir } from './data-dir.ts';
import { environmentSettings } from './environment.ts';
import { openLog } from './log.ts';
import { ConvoyServer } from './server.ts';
import { SettingsStore } from './settings-store.ts';

/** `npm run serve`: the server in plain Node with the web door open. Logs go to stderr; stdout gets one line. */
async function serve(): Promise<void> {
  const dataDir = defaultDataDir(process.env, process.platform);
  const settings = await SettingsStore.open(dataDir, environmentSettings(process.env), systemClock.now());
  const root = fileURLToPath(new URL('..', import.meta.url));
  const server = new ConvoyServer({
    settings,
    dataDir,
    info: await appInfo('web', dataDir),
    staticDir: join(root, 'dist', 'renderer'),
    simulatorDir: join(root, 'electron', 'simulator', 'media'),
    web: true,
    log: openLog(settings.values.logLevel, process.stderr),
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await server.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await server.start();
  const failed = server.listening.filter(entry => entry.error);
  if (failed.length > 0) {
    for (const { protocol, address, port, error } of failed)
      console.error(`Convoy cannot listen on ${protocol} ${address}:${port}: ${error}`);
    await server.stop();
    process.exit(1);
  }
  const { signal, media } = server.ports;
  const vehicles = `vehicles on ${settings.values.host} TCP ${signal}, TCP and UDP ${media}`;
  console.log(`Convoy listens: ${vehicles}, console at ${server.webAddress}`);
}

collectBuffersWithHeap();
serve().catch((error: unknown) => {
  console.error(`Convoy cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
