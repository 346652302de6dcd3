import { settingTable } from '../../../electron/config.ts';
import {
  type CameraKey,
  type ControlDown,
  type ControlUp,
  contractVersion,
  type Delta,
  type Diagnostics,
  type Notice,
  type Result,
  type SettingRow,
  type StreamRow,
  type Vehicle,
} from '../../../electron/contract.ts';
import type { Clips } from './clip.ts';
import { FakeArchive } from './fake-archive.ts';
import { FakeCamera, type Manner } from './fake-camera.ts';
import { fakeHealth, fakeVehicles } from './fake-fleet.ts';
import type { FootageFile } from './footage.ts';

/** Speaks the contract from inside the page, so that the console can be seen in every state. Test only. */
export class FakeServer {
  /** Refuses new connections. */
  down = false;
  vehicles: Vehicle[] = fakeVehicles();
  simulator = { running: false, vehicles: 0 };
  /** Manner by `vehicleId/channel`; live unless named. */
  readonly manners: Record<string, Manner> = {};
  /** Streams ever opened, in order, for looking at make-before-break. */
  readonly opened: CameraKey[] = [];
  readonly archive: FakeArchive;
  readonly #clips: Clips;
  readonly #cameras = new Map<FakeCamera, CameraKey>();
  #control: MessagePort | undefined;
  #subscriptions = 0;
  #notices: Notice[] = [];

  constructor(clips: Clips, footage: readonly FootageFile[] = []) {
    this.#clips = clips;
    this.archive = new FakeArchive(footage, delta => this.tell(delta));
    setInterval(() => this.tell({ health: this.#health() }), 1000);
  }

  serve(port: MessagePort): void {
    this.#control = port;
    port.onmessage = event => this.#receive(event.data as ControlUp);
    this.tell({
      vehicles: this.vehicles,
      streams: [],
      health: this.#health(),
      notices: this.#notices,
      ...this.archive.whole(),
    });
  }

  tell(delta: Delta): void {
    this.#control?.postMessage({ type: 'delta', delta } satisfies ControlDown);
  }

  notice(level: Notice['level'], text: string, params: Notice['params'], minutesAgo = 0): void {
    const notice = { id: this.#notices.length + 1, at: Date.now() - minutesAgo * 60_000, level, text, params };
    this.#notices.push(notice);
    this.tell({ notices: [notice] });
  }

  /** Cuts every port, as a server that ends does. */
  stop(): void {
    this.down = true;
    this.#control?.close();
    this.#control = undefined;
    for (const camera of this.#cameras.keys()) camera.close();
    this.#cameras.clear();
  }

  get streams(): CameraKey[] {
    return [...this.#cameras.values()];
  }

  #health() {
    return { ...fakeHealth(this.vehicles, this.#cameras.size), simulator: this.simulator };
  }

  #receive(message: ControlUp): void {
    const { id, method } = message;
    const reply = (result: Result<unknown>): void => {
      this.#control?.postMessage({ type: 'reply', id, result } satisfies ControlDown);
    };
    const ok = (value: unknown): void => reply({ ok: true, value });
    const args = message.args as Record<string, string>;
    const vehicle = this.vehicles.find(each => each.id === args.vehicleId);
    const recorded = this.archive.answer(method, message.args as Record<string, never>);
    if (recorded !== undefined) ok(recorded);
    else if (method === 'app.info')
      ok({
        name: 'Convoy',
        version: '0.1.0',
        contractVersion,
        host: 'web',
        versions: { node: '24.21.0' },
        dataDir: '/var/lib/convoy',
      });
    else if (method === 'stream.open') this.#open(message.args as CameraKey, ok);
    else if (method === 'settings.list' || method === 'settings.set') ok(settingRows(args));
    else if (method === 'diagnostics.get') ok(this.#diagnostics());
    else if (method === 'simulator.start' || method === 'simulator.stop') {
      this.simulator = method === 'simulator.start' ? { running: true, vehicles: 6 } : { running: false, vehicles: 0 };
      ok(this.simulator);
    } else if (vehicle && method === 'fleet.admit')
      ok(this.#change({ ...vehicle, state: 'online', onlineSince: Date.now() }));
    else if (vehicle && method === 'fleet.update') ok(this.#change({ ...vehicle, group: args.group ?? vehicle.group }));
    else if (vehicle && method === 'fleet.forget') {
      this.vehicles = this.vehicles.filter(each => each !== vehicle);
      this.tell({ removed: [vehicle.id] });
      ok(null);
    } else reply({ ok: false, code: 'unknownTerminal', message: '' });
  }

  #change(vehicle: Vehicle): Vehicle {
    this.vehicles = this.vehicles.map(each => (each.id === vehicle.id ? vehicle : each));
    this.tell({ vehicles: [vehicle] });
    return vehicle;
  }

  #open(key: CameraKey, ok: (value: unknown) => void): void {
    const { port1, port2 } = new MessageChannel();
    const subscription = ++this.#subscriptions;
    const offline = this.vehicles.find(each => each.id === key.vehicleId)?.state !== 'online';
    const manner = this.manners[`${key.vehicleId}/${key.channel}`] ?? (offline ? 'offline' : 'live');
    const camera = new FakeCamera(port1, key, manner, this.#clips, subscription * 37);
    this.#cameras.set(camera, key);
    this.opened.push(key);
    port1.addEventListener('message', event => {
      if ((event.data as { type: string }).type === 'close') this.#cameras.delete(camera);
    });
    port1.addEventListener('close', () => this.#cameras.delete(camera));
    ok({ subscription });
    this.#control?.postMessage({ type: 'port', subscription } satisfies ControlDown, [port2]);
  }

  #diagnostics(): Diagnostics {
    const streams = this.streams.map(
      (key): StreamRow => ({
        ...key,
        headerId: `0${key.vehicleId}`,
        subscribers: 1,
        status: {
          phase: 'live',
          since: Date.now() - 60_000,
          steps: [],
          attempts: 1,
          codec: 'h264',
          width: 352,
          height: 288,
          lastFrameAt: Date.now(),
          fps: 15,
          bitsPerSecond: 414_000,
          lossRatio: 0.002,
          transport: 'udp',
          source: '10.21.4.77:50122',
        },
        frames: 10_220,
        bytes: 8_120_332,
        keyFrames: 410,
        packetsLost: 12,
        framesDropped: 3,
      }),
    );
    return {
      tallies: { 'assemble.loss': 12, 'delimit.badChecksum': 3, 'intake.notWanted': 41, 'session.unknownMessage': 2 },
      health: this.#health(),
      unknownMessages: [{ id: '0x0F01', count: 2 }],
      streams,
      versions: { convoy: '0.1.0', node: '24.21.0', electron: '45.4.1', chrome: '156.0.8078.100' },
    };
  }
}

function settingRows(change: Record<string, unknown>): SettingRow[] {
  return Object.entries(settingTable).map(([key, row]) => {
    const value = change.key === key ? (change.value as SettingRow['value']) : row.default;
    return {
      key,
      value,
      restart: false,
      ...row,
      ...('choices' in row ? { choices: [...row.choices] } : {}),
    } as SettingRow;
  });
}
