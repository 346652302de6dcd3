import type { Clock } from '../../electron/clock.ts';
import { normaliseTerminalId } from '../../electron/codec/terminal-id.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { Health, Notice, SettingRow, Vehicle } from '../../electron/contract.ts';
import { fail } from '../../electron/errors.ts';
import type { Frame } from '../../electron/frames/frame.ts';
import { Hub } from '../../electron/hub/hub.ts';
import { type RecordingBackers, ServerDesk } from '../../electron/ipc/server-desk.ts';
import { silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { VehicleSide } from '../hub/vehicle-side.ts';
import { noRecordings } from './no-recordings.ts';
import { noServices } from './no-services.ts';

export const busId = '13912345678';
export const busHeaderId = '013912345678';

export function vehicle(id: string, state: Vehicle['state'] = 'online'): Vehicle {
  return {
    id,
    headerId: id.padStart(12, '0'),
    state,
    plate: '沪A·D7261',
    plateColor: 2,
    group: '',
    maker: '',
    model: '',
    version: '2013',
    remote: '10.0.0.9:4000',
    firstSeenAt: 1,
    lastSeenAt: 2,
    onlineSince: state === 'online' ? 2 : 0,
    channels: [{ channel: 1 }],
    transport: 'both',
  };
}

const health: Health = {
  listening: [],
  loopP50: 1,
  loopP99: 2,
  vehiclesOnline: 1,
  vehiclesKnown: 2,
  streams: 0,
  bitsPerSecondIn: 0,
  packetsPerSecond: 0,
  connections: 0,
  simulator: { running: false, vehicles: 0 },
  udpReceiveBuffer: 0,
  udpReceiveBufferAsked: 0,
};

/**
 * The server's desk and hub with a fleet of three: `busId` online, 13900000002 offline, 13900000003 pending. The
 * vehicles' side is played by hand.
 */
export class SmallDesk {
  readonly tally = new Tally();
  readonly side = new VehicleSide();
  readonly settings: Settings;
  readonly hub: Hub;
  readonly desk: ServerDesk;
  readonly vehicles = new Map<string, Vehicle>();
  notices: Notice[] = [];
  /** What `settings.set` throws instead of keeping the value. */
  settingFault: Error | undefined;

  constructor(clock: Clock, settings: Partial<Settings> = {}, recordings: RecordingBackers = noRecordings()) {
    this.settings = { ...defaultSettings(), ...settings };
    for (const one of [vehicle(busId), vehicle('13900000002', 'offline'), vehicle('13900000003', 'pending')])
      this.vehicles.set(one.id, one);
    this.side.online.add(busId);
    this.hub = new Hub({
      clock,
      tally: this.tally,
      settings: this.settings,
      log: silentLog,
      devices: this.side,
      intake: this.side,
      changed: row => this.desk.streamChanged(row),
    });
    this.desk = new ServerDesk({
      terminals: {
        get: id => this.vehicles.get(normaliseTerminalId(id)),
        list: () => [...this.vehicles.values()],
        update: (id, { group }) => this.#change(id, { group: group ?? '' }),
        admit: id => this.#change(id, { state: 'offline' }),
        forget: id => {
          this.vehicles.delete(id);
          this.desk.vehicleRemoved(id);
          return { ok: true, value: null };
        },
        unknownMessages: () => [],
      },
      hub: this.hub,
      settings: { rows: () => [] as SettingRow[], set: async () => this.#throwFault() },
      simulator: {
        start: async () => ({ ok: true, value: { running: true, vehicles: 6 } }),
        stop: async () => ({ ok: true, value: { running: false, vehicles: 0 } }),
      },
      recordings: recordings,
      services: noServices(),
      notices: { recent: () => this.notices },
      health: () => health,
      tallies: () => this.tally.snapshot(),
      info: { name: 'Convoy', version: '0', contractVersion: 1, host: 'electron', versions: {}, dataDir: '' },
      settingChanged: () => undefined,
    });
  }

  /** Hands frames to a stream as its intake would. */
  feed(frames: Frame[], name = `${busId}_1_main`): void {
    const sink = this.side.sink(name);
    for (const frame of frames) {
      sink.packet(frame.data.byteLength, 0);
      sink.frame(frame);
    }
  }

  #change(id: string, change: Partial<Vehicle>) {
    const known = this.vehicles.get(id);
    if (!known) return fail('unknownTerminal');
    const value = { ...known, ...change };
    this.vehicles.set(id, value);
    this.desk.vehicleChanged(id);
    return { ok: true as const, value };
  }

  #throwFault(): void {
    if (this.settingFault) throw this.settingFault;
  }
}
