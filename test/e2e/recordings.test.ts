import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentEntry } from '../../electron/web/recordings-api.ts';
import { electronKind, logLines, type OpenConsole, type OpenOptions, titleOf, until } from './consoles.ts';

async function openWithDoor(options: OpenOptions): Promise<{ desk: OpenConsole; door: string }> {
  const desk = await electronKind.open({ ...options, demo: true, settings: { webEnabled: 'true', webPort: 0 } });
  const started = logLines(desk.dataDir).findLast(line => line.msg === 'started');
  const listening = started?.listening as { protocol: string; port: number }[];
  return { desk, door: `http://127.0.0.1:${listening.find(({ protocol }) => protocol === 'http')?.port}` };
}

const onlineVehicle = (door: string) =>
  until('a vehicle', async () => {
    const vehicles = (await (await fetch(`${door}/api/vehicles`)).json()) as { id: string; state: string }[];
    return vehicles.find(({ state }) => state === 'online');
  });

describe.skipIf(electronKind.missing)(`recordings in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  let door = '';
  beforeAll(async () => {
    ({ desk, door } = await openWithDoor({}));
  });
  afterAll(() => desk?.close());

  const list = async () => (await (await fetch(`${door}/api/recordings`)).json()) as SegmentEntry[];

  it('reach the page under its own scheme, in parts and while they grow', async () => {
    const vehicle = await onlineVehicle(door);
    const body = JSON.stringify({ vehicleId: vehicle.id, channel: 1 });
    const begun = (await (await fetch(`${door}/api/recordings`, { method: 'POST', body })).json()) as { id: string };
    const growing = await until('a growing segment', async () => (await list()).find(({ frames }) => frames > 40));
    expect(growing.state).toBe('writing');
    const read = (id: number, range: string) =>
      desk.page.evaluate(
        async asked => {
          const answer = await fetch(`recordings/segments/${asked.id}`, { headers: { range: asked.range } });
          const bytes = new Uint8Array(await answer.arrayBuffer());
          return {
            status: answer.status,
            range: answer.headers.get('content-range'),
            type: answer.headers.get('content-type'),
            bytes: [...bytes.slice(0, 8)],
            length: bytes.length,
          };
        },
        { id, range },
      );
    const ftyp = [...Buffer.from('ftyp')];
    const first = await read(growing.id, 'bytes=0-15');
    expect(first).toMatchObject({ status: 206, type: 'video/mp4', length: 16 });
    expect(first.bytes.slice(4)).toEqual(ftyp);

    await fetch(`${door}/api/recordings/${begun.id}`, { method: 'DELETE' });
    const done = (await list()).find(({ id }) => id === growing.id);
    expect(done?.state).toBe('complete');
    expect(done?.frames).toBeGreaterThan(40);
    const tail = await read(growing.id, `bytes=${done!.bytes - 100}-`);
    expect(tail).toMatchObject({ status: 206, length: 100 });
    expect(tail.range).toBe(`bytes ${done!.bytes - 100}-${done!.bytes - 1}/${done!.bytes}`);
    expect(await read(1, 'bytes=0-15')).toMatchObject({ status: 404 });
    expect(desk.complaints.filter(text => !text.includes('404'))).toEqual([]);
  });
});

describe.skipIf(electronKind.missing)(`${titleOf(electronKind)} without SQLite`, () => {
  it('shows vehicles live and records them; looking back is refused in words', async context => {
    const { desk, door } = await openWithDoor({ withoutStandIn: true });
    try {
      if (await desk.app?.evaluate(() => process.getBuiltinModule('node:sqlite') !== undefined)) return context.skip();
      const vehicle = await onlineVehicle(door);
      const body = JSON.stringify({ vehicleId: vehicle.id, channel: 1 });
      const begun = await (await fetch(`${door}/api/recordings`, { method: 'POST', body })).json();
      await until('frames of the camera', async () => {
        const rows = (await (await fetch(`${door}/api/stream/stats`)).json()) as Record<string, { frames: number }>;
        return Object.values(rows).some(({ frames }) => frames > 40);
      });
      expect((await fetch(`${door}/api/recordings/${begun.id}`, { method: 'DELETE' })).status).toBe(200);
      const files = readdirSync(join(desk.dataDir, 'recordings'), { recursive: true, encoding: 'utf8' });
      expect(files.filter(name => name.endsWith('.mp4'))).not.toEqual([]);
      const list = await fetch(`${door}/api/recordings`);
      expect([list.status, (await list.json()).code]).toEqual([503, 'catalogueUnavailable']);
      await desk.page.getByTestId('wall').waitFor();
    } finally {
      await desk.close();
    }
  });
});
