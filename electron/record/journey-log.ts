import type { StatementSync } from 'node:sqlite';
import type { ArchiveEvent, Notice, TrackPoint, Vehicle, VehiclePosition } from '../contract.ts';
import type { Tally } from '../tally.ts';
import type { Catalogue } from './catalogue.ts';
import { type AlarmMark, activeAlarms, alarmLevel } from './events/active-alarms.ts';
import type { AlarmEdges } from './events/alarm-book.ts';

/** A point per vehicle this often is enough for a timeline; a city bus moves 50 m in it. */
const trackStepMs = 5000;
/** Points and events that wait to be written together; what comes beyond is dropped and counted. */
const maxWaiting = 20_000;
/** Points of one answer. */
const maxPoints = 4000;
const maxEvents = 20_000;

export interface JourneyParts {
  readonly catalogue: Catalogue;
  readonly tally: Tally;
  now(): number;
}

interface Seen {
  state: Vehicle['state'];
  active: ReadonlyMap<string, AlarmMark>;
  pointAt: number;
  /** A report of this run was seen; what was there before is from the last one. */
  isFresh: boolean;
}

const none: ReadonlyMap<string, AlarmMark> = new Map();

/** What vehicles did besides being filmed: where they were, when they came and went, their alarms. */
export class JourneyLog {
  readonly #parts: JourneyParts;
  readonly #seen = new Map<string, Seen>();
  readonly #startedAt: number;
  #onAlarms: (edges: AlarmEdges) => void = () => undefined;
  #points: { vehicle: string; point: TrackPoint }[] = [];
  #events: Omit<ArchiveEvent, 'id'>[] = [];
  readonly #addPoint: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #readEvents: StatementSync;

  constructor(parts: JourneyParts) {
    this.#parts = parts;
    this.#startedAt = parts.now();
    const { database } = parts.catalogue;
    this.#addPoint = database.prepare('INSERT OR REPLACE INTO track VALUES (?, ?, ?, ?, ?, ?)');
    this.#addEvent = database.prepare('INSERT INTO events (at, vehicle, channel, kind, level) VALUES (?, ?, ?, ?, ?)');
    this.#readEvents = database.prepare(
      `SELECT * FROM events WHERE vehicle = ? AND at >= ? AND at < ? ORDER BY at LIMIT ${maxEvents}`,
    );
  }

  /** Looks at what is new of a vehicle: its position, its coming and going, alarms that began. */
  vehicleChanged(vehicle: Vehicle): void {
    const { id, position } = vehicle;
    const seen = this.#seen.get(id);
    const now: Seen = {
      state: vehicle.state,
      active: position ? activeAlarms(position, vehicle.channels) : none,
      pointAt: seen?.pointAt ?? 0,
      isFresh: seen?.isFresh === true || (position !== undefined && position.receivedAt >= this.#startedAt),
    };
    this.#seen.set(id, now);
    if (position && !position.isStored && position.receivedAt - now.pointAt >= trackStepMs) {
      now.pointAt = position.receivedAt;
      if (position.fixed) this.#keepPoint(id, { ...position, at: position.receivedAt });
    }
    if (seen && seen.state !== now.state && now.state !== 'pending')
      this.add({ at: this.#parts.now(), vehicleId: id, channel: 0, kind: now.state, level: 'info' });
    if (position) this.#compareAlarms(id, position, seen, now);
  }

  /** Hears of alarms that begin and end. */
  watchAlarms(heard: (edges: AlarmEdges) => void): void {
    this.#onAlarms = heard;
  }

  /** Where it was at a time that has passed: in its place among the others. @param point `at` is the vehicle's clock */
  addPast(vehicle: string, point: TrackPoint): void {
    this.#keepPoint(vehicle, point);
  }

  vehicleRemoved(id: string): void {
    this.#seen.delete(id);
  }

  add(event: Omit<ArchiveEvent, 'id'>): void {
    if (this.#events.length >= maxWaiting) this.#parts.tally.add('journey.eventDropped');
    else this.#events.push(event);
  }

  /** Of some vehicles, oldest first. */
  events(vehicles: readonly string[], from: number, to: number): ArchiveEvent[] {
    this.flush();
    const rows = vehicles.flatMap(vehicle => this.#readEvents.all(vehicle, from, to));
    return rows
      .map(row => ({
        id: Number(row.id),
        at: Number(row.at),
        vehicleId: String(row.vehicle),
        channel: Number(row.channel),
        kind: String(row.kind),
        level: row.level as Notice['level'],
      }))
      .sort((a, b) => a.at - b.at);
  }

  /** Oldest first; of a longer time, the first point of each of equal steps. */
  track(vehicle: string, from: number, to: number): TrackPoint[] {
    this.flush();
    const step = Math.max(1, Math.ceil((to - from) / maxPoints));
    const rows = this.#parts.catalogue.database
      .prepare(
        `SELECT MIN(at) AS at, latitude, longitude, speed, direction FROM track
         WHERE vehicle = ? AND at >= ? AND at < ? GROUP BY at / CAST(? AS INTEGER) ORDER BY at`,
      )
      .all(vehicle, from, to, step);
    return rows.map(({ at, latitude, longitude, speed, direction }) => ({
      at: Number(at),
      latitude: Number(latitude),
      longitude: Number(longitude),
      speed: Number(speed),
      direction: Number(direction),
    }));
  }

  flush(): void {
    if (this.#points.length === 0 && this.#events.length === 0) return;
    const [points, events] = [this.#points, this.#events];
    this.#points = [];
    this.#events = [];
    try {
      this.#parts.catalogue.transaction(() => {
        for (const { vehicle, point } of points)
          this.#addPoint.run(vehicle, point.at, point.latitude, point.longitude, point.speed, point.direction);
        for (const { at, vehicleId, channel, kind, level } of events)
          this.#addEvent.run(at, vehicleId, channel, kind, level);
      });
    } catch {
      this.#parts.tally.add('journey.writeFailed', points.length + events.length);
    }
  }

  #keepPoint(vehicle: string, { at, latitude, longitude, speed, direction }: TrackPoint) {
    if (this.#points.length >= maxWaiting) this.#parts.tally.add('journey.pointDropped');
    else this.#points.push({ vehicle, point: { at, latitude, longitude, speed, direction } });
  }

  #compareAlarms(vehicleId: string, position: VehiclePosition, seen: Seen | undefined, now: Seen): void {
    const before = seen?.active ?? none;
    const at = this.#parts.now();
    const began = [...now.active].filter(([name]) => !before.has(name)).map(([, mark]) => mark);
    const ended = [...before].filter(([name]) => !now.active.has(name)).map(([, mark]) => mark);
    if (seen)
      for (const { kind, channel } of began) this.add({ at, vehicleId, channel, kind, level: alarmLevel(kind) });
    if (!now.isFresh) return;
    if (!seen?.isFresh)
      this.#onAlarms({ vehicleId, at, position, began: [...now.active.values()], ended: [], isFirst: true });
    else if (began.length > 0 || ended.length > 0)
      this.#onAlarms({ vehicleId, at, position, began, ended, isFirst: false });
  }
}
