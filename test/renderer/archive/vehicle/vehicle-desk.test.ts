import { beforeEach, describe, expect, it } from 'vitest';
import type { CameraKey, Method, Result } from '../../../../electron/contract.ts';
import { VehicleDesk, type VehicleEarAsk } from '../../../../renderer/archive/vehicle/vehicle-desk.ts';
import { createVehicleStore, listName } from '../../../../renderer/archive/vehicle/vehicle-store.ts';
import { createArchiveStore } from '../../../../renderer/store/archive.ts';
import { createServicesStore } from '../../../../renderer/store/services.ts';

const day = new Date(2026, 10, 20).getTime();
const camera = (channel: number, vehicleId = '139'): CameraKey => ({ vehicleId, channel, stream: 'main' });

let asked: { method: Method; args: object }[];
let answer: (method: Method) => Promise<Result<never>>;
let opened: ((result: Result<{ playback: string; port: MessagePort }>) => void)[];
let closed: string[];
let ears: { ask: VehicleEarAsk; followed: number; closed: boolean }[];

function bench() {
  const store = createVehicleStore();
  const archive = createArchiveStore(day);
  const services = createServicesStore();
  const desk = new VehicleDesk({
    ...{ store, archive, services },
    desk: { pause: () => undefined, refresh: async () => undefined } as never,
    call: ((method: Method, args: object) => {
      asked.push({ method, args });
      return answer(method);
    }) as never,
    openPlayback: () => new Promise(resolve => opened.push(resolve)),
    createPlayer: (port: MessagePort) =>
      ({
        element: {},
        close: () => closed.push(String(port)),
        snapshot: () => ({ shown: { at: 1, ptsMs: 2, receivedAt: 3 } }),
      }) as never,
    createEar: ask => {
      const ear = { ask, followed: 0, closed: false };
      ears.push(ear);
      return {
        state: () => ({ kind: ask.rests() ? 'resting' : 'heard', pinned: false }),
        follow: () => {
          ear.followed++;
          ask.changed();
        },
        close: () => {
          ear.closed = true;
        },
      } as never;
    },
    wallClock: () => day + 3_600_000,
  });
  return { store, archive, services, desk };
}

beforeEach(() => {
  asked = [];
  opened = [];
  closed = [];
  ears = [];
  answer = async () => ({ ok: true, value: { files: [], askedAt: 1, way: 'standard' } as never });
});
const settle = () => new Promise(done => setTimeout(done, 0));

describe('what is asked of vehicles', () => {
  it('is nothing before somebody opens it, then once for each vehicle and day', async () => {
    const { store, archive, desk } = bench();
    archive.setState({ cameras: [camera(1), camera(2), camera(1, '140')] });
    expect(asked).toEqual([]);
    desk.setOpen(true);
    expect(asked.map(({ args }) => (args as { vehicleId: string }).vehicleId)).toEqual(['139', '140']);
    expect(store.getState().lists.get(listName('139', day))).toEqual({ kind: 'asking' });
    await settle();
    archive.setState({ cameras: [camera(3)] });
    expect(asked.length).toBe(2);
    archive.setState({ day: day - 86_400_000 });
    expect(asked.length).toBe(3);
    await settle();
    desk.refresh();
    expect(asked.at(-1)?.args).toMatchObject({ vehicleId: '139', refresh: true });
    // The list of before stays while it is asked for anew.
    expect(store.getState().lists.get(listName('139', day - 86_400_000))).toMatchObject({ isAskedAgain: true });
  });

  it('is asked again after it failed', async () => {
    const { store, archive, desk } = bench();
    answer = async () => ({ ok: false, code: 'commandTimeout', message: '' });
    archive.setState({ cameras: [camera(1)] });
    desk.setOpen(true);
    await settle();
    expect(store.getState().lists.get(listName('139', day))).toEqual({ kind: 'failed', code: 'commandTimeout' });
    desk.setOpen(false);
    desk.setOpen(true);
    expect(asked.length).toBe(2);
  });
});

describe('a playback', () => {
  it('that was given up before it was there is closed, and never shown', async () => {
    const { store, desk } = bench();
    void desk.play(camera(1), day + 1000);
    void desk.play(camera(2), day + 2000);
    const sent: unknown[] = [];
    const port = { postMessage: (message: unknown) => sent.push(message) } as never;
    opened[0]!({ ok: true, value: { playback: 'p1', port } });
    await settle();
    expect(sent).toEqual([{ type: 'close' }]);
    expect(store.getState().play).toMatchObject({ name: '139/2/main' });
  });

  it('that is refused says why, and goes with its camera', async () => {
    const { store, archive, desk } = bench();
    archive.setState({ cameras: [camera(1)] });
    void desk.play(camera(1), day + 1000);
    opened[0]!({ ok: false, code: 'playbackBusy', message: '' });
    await settle();
    expect(store.getState().play?.error).toEqual({ code: 'playbackBusy' });
    archive.setState({ cameras: [camera(2)] });
    expect(store.getState().play).toBeNull();
  });

  it('that runs is dragged by another click on its camera, and marked when the server is lost', async () => {
    const { store, services, desk } = bench();
    void desk.play(camera(1), day + 1500);
    opened[0]!({ ok: true, value: { playback: 'p1', port: {} as never } });
    await settle();
    const row = { id: 'p1', vehicleId: '139', channel: 1, phase: 'playing', mode: 'normal', speed: 1 } as const;
    services.setState({ playbacks: new Map([['p1', { ...row, from: day, to: 0, at: day + 5000, bytes: 1 }]]) });
    await desk.play(camera(1), day + 60_000);
    expect(asked.at(-1)).toEqual({
      method: 'playback.control',
      args: { playback: 'p1', control: 'drag', speed: 1, at: day + 60_000 },
    });
    desk.linkLost();
    expect(store.getState().play?.error).toEqual({ code: 'socketError' });
    expect(desk.lastAt).toBe(day + 5000);
    desk.stop();
    expect(closed.length).toBe(1);
  });
});

describe('the sound of a playback', () => {
  const row = { id: 'p1', vehicleId: '139', channel: 1, phase: 'playing', mode: 'normal', speed: 1 } as const;
  async function playing() {
    const made = bench();
    void made.desk.play(camera(1), day + 1500);
    opened.at(-1)!({ ok: true, value: { playback: 'p1', port: {} as never } });
    await settle();
    const tell = (change: object) =>
      made.services.setState({
        playbacks: new Map([['p1', { ...row, from: day, to: 0, at: day + 5000, bytes: 1, ...change }]]),
      });
    tell({});
    return { ...made, tell, kind: () => made.store.getState().play?.ear?.kind };
  }

  it('is heard from the beginning, with the picture of its player', async () => {
    const { kind } = await playing();
    expect(kind()).toBe('heard');
    expect(ears).toHaveLength(1);
    expect(ears[0]!.ask).toMatchObject({ playback: 'p1', camera: camera(1) });
    expect(ears[0]!.ask.picture()).toEqual({ stream: 'main', shown: { at: 1, ptsMs: 2, receivedAt: 3 } });
  });

  it('rests at every other speed and while it is paused', async () => {
    const { tell, kind } = await playing();
    const told = [
      { mode: 'fast', speed: 4 },
      { mode: 'keyPlay' },
      { mode: 'keyRewind' },
      { phase: 'paused' },
      { phase: 'playing' },
    ].map(change => {
      tell(change);
      return kind();
    });
    expect(told).toEqual(['resting', 'resting', 'resting', 'resting', 'heard']);
  });

  it('is let go when the operator ends it and when the server is lost', async () => {
    const { desk } = await playing();
    desk.linkLost();
    expect(ears[0]!.closed).toBe(true);
    const other = await playing();
    expect(ears).toHaveLength(2);
    other.desk.stop();
    expect(ears[1]!.closed).toBe(true);
    expect(other.store.getState().play).toBeNull();
  });
});
