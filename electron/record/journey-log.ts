import type { StatementSync } from 'node:sqlite';
import type { ArchiveEvent, Notice, TrackPoint, Vehicle } from '../contract.ts';
import type { Tally } from '../tally.ts';
import type { Catalogue } from './catalogue.ts';

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
  alarms: number;
  videoAlarms: number;
  pointAt: number;
}

/** What vehicles did besides being filmed: where they were, when they came and went, their alarms. */
export class JourneyLog {
  readonly #parts: JourneyParts;
  readonly #seen = new Map<string, Seen>();
  #points: { vehicle: string; point: TrackPoint }[] = [];
  #events: Omit<ArchiveEvent, 'id'>[] = [];
  readonly #addPoint: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #readEvents: StatementSync;

  constructor(parts: JourneyParts) {
    this.#parts = parts;
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
      alarms: position?.alarms ?? 0,
      videoAlarms: position?.videoAlarms ?? 0,
      pointAt: seen?.pointAt ?? 0,
    };
    this.#seen.set(id, now);
    if (position && position.receivedAt - now.pointAt >= trackStepMs) {
      now.pointAt = position.receivedAt;
      if (position.fixed) this.#keepPoint(id, position);
    }
    if (!seen) return;
    if (seen.state !== now.state && now.state !== 'pending')
      this.add({ at: this.#parts.now(), vehicleId: id, channel: 0, kind: now.state, level: 'info' });
    this.#alarmsBegan(id, 'alarm', seen.alarms, now.alarms);
    this.#alarmsBegan(id, 'videoAlarm', seen.videoAlarms, now.videoAlarms);
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

  #keepPoint(vehicle: string, { receivedAt, latitude, longitude, speed, direction }: NonNullable<Vehicle['position']>) {
    if (this.#points.length >= maxWaiting) this.#parts.tally.add('journey.pointDropped');
    else this.#points.push({ vehicle, point: { at: receivedAt, latitude, longitude, speed, direction } });
  }

  #alarmsBegan(vehicleId: string, kind: string, before: number, now: number): void {
    const began = now & ~before;
    if (began === 0) return;
    for (let bit = 0; bit < 32; bit++)
      if ((began >>> bit) & 1)
        this.add({ at: this.#parts.now(), vehicleId, channel: 0, kind: `${kind}.${bit}`, level: 'warning' });
  }
}
