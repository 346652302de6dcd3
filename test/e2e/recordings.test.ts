import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentEntry } from '../../electron/web/recordings-api.ts';
import { electronKind, logLines, type OpenConsole, titleOf, until } from './consoles.ts';

describe.skipIf(electronKind.missing)(`recordings in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  let door = '';
  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, settings: { webEnabled: 'true', webPort: 0 } });
    const started = logLines(desk.dataDir).findLast(line => line.msg === 'started');
    const listening = started?.listening as { protocol: string; port: number }[];
    door = `http://127.0.0.1:${listening.find(({ protocol }) => protocol === 'http')?.port}`;
  });
  afterAll(() => desk?.close());

  const list = async () => (await (await fetch(`${door}/api/recordings`)).json()) as SegmentEntry[];

  it('reach the page under its own scheme, in parts and while they grow', async () => {
    const vehicle = await until('a vehicle', async () => {
      const vehicles = (await (await fetch(`${door}/api/vehicles`)).json()) as { id: string; state: string }[];
      return vehicles.find(({ state }) => state === 'online');
    });
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
