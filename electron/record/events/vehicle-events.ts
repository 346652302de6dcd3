import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { confirmableAlarms } from '../../codec/jt808/body/alarm-confirmation.ts';
import { type CameraShotReply, shotResult } from '../../codec/jt808/body/camera-shot.ts';
import { replyResult } from '../../codec/jt808/body/general-reply.ts';
import type { Location } from '../../codec/jt808/body/location.ts';
import type { MultimediaData } from '../../codec/jt808/body/multimedia.ts';
import type { Settings } from '../../config.ts';
import type { AlarmRow, Result, Rpc, ServiceChanges, ServiceKind, ServiceRows } from '../../contract.ts';
import type { Received } from '../../device/received.ts';
import type { Terminals } from '../../device/terminals.ts';
import { fail, failure } from '../../errors.ts';
import type { DeskCalls, PictureFile, ServiceMethod } from '../../ipc/desk.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import type { RecordingService } from '../recording-service.ts';
import { AlarmBook } from './alarm-book.ts';
import { PassengerLog } from './passenger-log.ts';
import { pastAlarms } from './past-alarms.ts';
import { PictureStore } from './picture-store.ts';

const flushMs = 1000;
const forgetMs = 3_600_000;
const dayMs = 86_400_000;
/** Positions of one 0x0704 that are looked at for alarms; all of them are kept in the track. */
const maxPastReports = 5000;
/** A clock that is further ahead of ours is not believed. */
const maxAheadMs = dayMs;
const shotTimeoutMs = 30_000;

type EventMethod = Extract<ServiceMethod, `alarm.${string}` | `passenger.${string}` | `picture.${string}`>;

export interface VehicleEventsParts {
  readonly terminals: Pick<Terminals, 'get' | 'command' | 'send' | 'isOnline'>;
  readonly recordings: Pick<RecordingService, 'shelf' | 'shelfFault'>;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  changed<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void;
}

/** Where vehicles were and what happened to them: alarms, positions told of afterwards, passengers, pictures. */
export class VehicleEvents {
  readonly calls: Pick<DeskCalls, EventMethod>;
  readonly #parts: VehicleEventsParts;
  readonly #shelf: RecordingService['shelf'];
  readonly #alarms: AlarmBook | undefined;
  readonly #passengers: PassengerLog | undefined;
  readonly #pictures: PictureStore | undefined;
  /** Serial of the last 0x0200 of this connection, by vehicle. */
  readonly #reports = new Map<string, number>();
  readonly #cancel: (() => void)[] = [];

  constructor(parts: VehicleEventsParts) {
    this.#parts = parts;
    const { recordings, settings, tally, log, clock } = parts;
    this.#shelf = recordings.shelf;
    const { catalogue, journey } = this.#shelf ?? {};
    if (catalogue && journey) {
      const alarms = new AlarmBook({ catalogue, tally, changed: row => parts.changed('alarms', row) });
      journey.watchAlarms(edges => alarms.apply(edges));
      this.#alarms = alarms;
      this.#passengers = new PassengerLog(catalogue, tally);
      this.#pictures = new PictureStore({
        ...{ catalogue, settings, tally, log },
        folder: join(parts.dataDir, 'pictures'),
        now: () => clock.now(),
        changed: row => parts.changed('pictures', row),
      });
    }
    this.calls = {
      'alarm.list': args => this.#looked(() => this.#alarms?.list(this.#range(args))),
      'alarm.confirm': args => this.#confirm(args),
      'passenger.list': args => this.#looked(() => this.#passengers?.list(this.#range(args))),
      'picture.take': args => this.#take(args),
      'picture.list': args => this.#looked(() => this.#pictures?.list(this.#range(args))),
    };
  }

  open(): void {
    const { clock } = this.#parts;
    this.#cancel.push(
      clock.every(flushMs, () => this.#flush()),
      clock.every(forgetMs, () => this.#forget()),
    );
    this.#forget();
  }

  /** Before the catalogue closes. Never rejects. */
  async close(): Promise<void> {
    for (const cancel of this.#cancel.splice(0)) cancel();
    this.#flush();
    await this.#pictures?.sweep();
  }

  rows(): Pick<ServiceChanges, 'alarms' | 'pictures'> {
    return { alarms: this.#alarms?.rows() ?? [], pictures: this.#pictures?.rows() ?? [] };
  }

  pictureFile(id: number): Promise<Result<PictureFile>> {
    return this.#pictures?.file(id) ?? Promise.resolve(this.#noCatalogue());
  }

  /** @returns true when a 0x0801 is answered from here */
  received(received: Received): boolean {
    const { vehicleId, reading, serial } = received;
    switch (reading.id) {
      case 0x0200:
        this.#reports.set(vehicleId, serial);
        return false;
      case 0x0704:
        this.#past(vehicleId, reading.value.locations, received.receivedAt);
        return false;
      case 0x0801:
        if (!this.#pictures) return false;
        void this.#keep(this.#pictures, received, reading.value);
        return true;
      case 0x1005: {
        const { start, end, on, off } = reading.value;
        const latest = received.receivedAt + maxAheadMs;
        const from = start > 0 && start < latest ? start : received.receivedAt;
        this.#passengers?.add({ vehicleId, from, to: Math.max(from, Math.min(end, latest)), on, off });
        return false;
      }
      default:
        return false;
    }
  }

  /** Serials begin anew with a connection. */
  vehicleOnline(id: string): void {
    this.#reports.delete(id);
  }

  vehicleRemoved(id: string): void {
    this.#reports.delete(id);
    this.#alarms?.vehicleRemoved(id, this.#parts.clock.now());
  }

  #past(vehicleId: string, locations: readonly Location[], receivedAt: number): void {
    const { terminals, tally } = this.#parts;
    for (const { time, status, latitude, longitude, speed, direction } of locations) {
      const isPast = time > 0 && time < receivedAt + maxAheadMs;
      if (isPast && status & 2)
        this.#shelf?.journey.addPast(vehicleId, { at: time, latitude, longitude, speed, direction });
      else tally.add('journey.pastUnusable');
    }
    if (locations.length > maxPastReports) tally.add('alarm.pastDropped', locations.length - maxPastReports);
    const channels = terminals.get(vehicleId)?.channels ?? [];
    for (const { mark, begin, end, position } of pastAlarms(locations.slice(0, maxPastReports), channels, receivedAt))
      if (begin < receivedAt + maxAheadMs) this.#alarms?.addPast(vehicleId, mark, begin, end, position);
  }

  async #keep(pictures: PictureStore, received: Received, media: MultimediaData): Promise<void> {
    const { terminals } = this.#parts;
    const { vehicleId, receivedAt } = received;
    const isKept = await pictures.keep(vehicleId, terminals.get(vehicleId)?.plate ?? '', media, receivedAt);
    received.answer(isKept ? replyResult.ok : replyResult.failed);
    if (isKept) terminals.send(vehicleId, 0x8800, { mediaId: media.mediaId, missing: [] });
  }

  async #confirm({ id, by = '' }: Rpc['alarm.confirm']['args']): Promise<Result<AlarmRow>> {
    if (!this.#alarms) return this.#noCatalogue();
    const confirmed = this.#alarms.confirm(id, this.#parts.clock.now(), by.trim());
    if (!confirmed.ok || confirmed.value.told) return confirmed;
    return (await this.#tell(confirmed.value))
      ? { ok: true, value: this.#alarms.told(id) ?? confirmed.value }
      : confirmed;
  }

  /** @returns true when the vehicle took it */
  async #tell({ vehicleId, kind }: AlarmRow): Promise<boolean> {
    const { terminals } = this.#parts;
    const bit = /^alarm\.(\d+)$/.exec(kind)?.[1];
    const alarms = bit === undefined ? 0 : ((1 << Number(bit)) & confirmableAlarms) >>> 0;
    if (alarms === 0 || !terminals.isOnline(vehicleId)) return false;
    const report = this.#reports.get(vehicleId);
    if (terminals.get(vehicleId)?.version === '2011')
      return (
        report !== undefined &&
        terminals.send(vehicleId, 0x8001, {
          replySerial: report,
          replyId: 0x0200,
          result: replyResult.alarmConfirmed,
        })
      );
    return (await terminals.command(vehicleId, 0x8203, { alarmSerial: report ?? 0, alarms })).ok;
  }

  async #take({
    vehicleId,
    channel,
    count = 1,
    quality = 3,
    resolution = 2,
  }: Rpc['picture.take']['args']): Promise<Result<null>> {
    const shot = { channel, command: count, interval: count > 1 ? 1 : 0, isKept: false, resolution, quality };
    const picture = { brightness: 128, contrast: 64, saturation: 64, chroma: 128 };
    const answer = await this.#parts.terminals.command(
      vehicleId,
      0x8801,
      { ...shot, ...picture },
      { replyId: 0x0805, orAcknowledged: true, timeoutMs: shotTimeoutMs },
    );
    if (!answer.ok) return answer;
    const reply = answer.value as CameraShotReply | null;
    if (!reply || reply.result === shotResult.ok) return { ok: true, value: null };
    return reply.result === shotResult.unsupportedChannel
      ? fail('commandUnsupported', `camera ${channel} takes no pictures`)
      : fail('commandFailed', `0x0805, result ${reply.result}`);
  }

  #range<Args extends Rpc['alarm.list']['args']>(args: Args): Args {
    const known = args.vehicleId === undefined ? undefined : this.#parts.terminals.get(args.vehicleId);
    return known ? { ...args, vehicleId: known.id } : args;
  }

  #looked<Value>(look: () => Value | undefined): Result<Value> {
    try {
      const value = look();
      return value === undefined ? this.#noCatalogue() : { ok: true, value };
    } catch (thrown) {
      return fail('catalogueUnavailable', (failure(thrown) as { message: string }).message);
    }
  }

  #noCatalogue(): { ok: false; code: 'catalogueUnavailable'; message: string } {
    return { ok: false, code: 'catalogueUnavailable', message: this.#parts.recordings.shelfFault };
  }

  #flush(): void {
    this.#alarms?.flush();
    this.#passengers?.flush();
  }

  #forget(): void {
    const before = this.#parts.clock.now() - this.#parts.settings.alarmKeepDays * dayMs;
    try {
      this.#alarms?.forget(before);
      this.#passengers?.forget(before);
    } catch (thrown) {
      this.#parts.tally.add('alarm.forgetFailed');
      this.#parts.log.warn({ error: String(thrown) }, 'old alarms could not be deleted');
    }
    void this.#pictures?.sweep();
  }
}
