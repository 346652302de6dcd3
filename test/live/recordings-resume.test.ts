import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedClip } from './clip.ts';
import { until } from './exactness.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';

const phone = '013911119001';

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-resume-'));
  server = await ServerProcess.start({ dataDir: folder });
}, 60_000);
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const frames = async () =>
  (await server.get<{ frames: number }[]>(`/api/recordings?vehicleId=${phone}`)).map(each => each.frames);

/** The vehicle comes, is asked for its camera, and sends a clip. */
async function visit(ask?: () => Promise<unknown>): Promise<void> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  await terminal.enrol();
  await ask?.();
  const order = await terminal.nextLiveOrder(1);
  const path = await mediaOverTcp(order.tcpPort);
  // Everything is sent at once: stamps of a real pace would reach beyond the moment at which a quick restart is over.
  const camera = new ForeignCamera({ sim: phone, channel: 1, stepMs: 8 });
  const before = (await frames()).length;
  for (const unit of recordedClip(75)) for (const packet of camera.picture(unit)) await path.send(packet);
  await until('frames on disk', async () => (await frames()).length > before && (await frames()).at(-1)! >= 50);
}

const begin = () =>
  fetch(`${server.door}/api/recordings`, {
    method: 'POST',
    body: JSON.stringify({ vehicleId: phone, channel: 1 }),
  });

function gapCauses(): unknown[] {
  const catalogue = new DatabaseSync(join(folder, 'catalogue.db'), { readOnly: true });
  const rows = catalogue.prepare('SELECT cause, end_ms - start_ms AS ms FROM gaps').all();
  catalogue.close();
  return rows.filter(({ ms }) => Number(ms) > 0).map(({ cause }) => cause);
}

describe('a recording that was begun by hand', () => {
  it.each([
    ['was ended', 'stopped', (old: ServerProcess) => old.stop()],
    ['was killed', 'crash', (old: ServerProcess) => old.stop('SIGKILL')],
  ] as const)(
    'goes on after the program %s, and the time between says why',
    { timeout: 60_000 },
    async (_, cause, end) => {
      await visit(begin);
      await end(server);
      server = await ServerProcess.start({ dataDir: folder });
      await visit();
      expect(await frames()).toHaveLength(2);
      await until('the gap', async () => gapCauses().includes(cause));
    },
  );

  it('does not begin again when it was stopped by hand', async () => {
    await visit(begin);
    const begun = (await (await begin()).json()) as { id: string };
    expect(Object.keys(await server.stats())).toHaveLength(1);
    await fetch(`${server.door}/api/recordings/${begun.id}`, { method: 'DELETE' });
    await server.stop();
    server = await ServerProcess.start({ dataDir: folder });
    // A recording holds its stream from the start, connected or not.
    expect(await server.stats()).toEqual({});
  });
});
