import type { Random } from './random.ts';
import type { Route, RoutePoint } from './route.ts';

/** Metres per second squared, those of a loaded bus. */
const acceleration = 1.0;
const braking = 1.6;
/** Metres between traffic lights that are red, and seconds they stay so. */
const lightsApart = { from: 500, to: 1600 };
const redFor = { from: 8, to: 30 };
/** m/s. */
const cruise = { from: 9, to: 17 };
/** A drive that was not looked at for longer goes on as if this many seconds had passed. */
const longestLeap = 60;
const step = 0.25;

/** A vehicle on its way around a route: cruises, slows for bends, stops at lights. Time comes from the caller. */
export class Drive {
  readonly #route: Route;
  readonly #random: Random;
  #distance: number;
  #driven = 0;
  /** m/s. */
  #speed: number;
  #cruise: number;
  #nextStop: number;
  #waitLeft = 0;
  #at: number;

  /** @param nowMs monotonic */
  constructor(route: Route, random: Random, nowMs: number) {
    this.#route = route;
    this.#random = random;
    this.#distance = random() * route.length;
    this.#cruise = this.#between(cruise);
    this.#speed = this.#cruise;
    this.#nextStop = this.#distance + this.#between(lightsApart);
    this.#at = nowMs;
  }

  /** km/h. */
  get speed(): number {
    return this.#speed * 3.6;
  }

  /** Metres driven since the start. */
  get driven(): number {
    return this.#driven;
  }

  get place(): RoutePoint {
    return this.#route.at(this.#distance);
  }

  /** Standing at a light. */
  get standing(): boolean {
    return this.#speed === 0;
  }

  /** @param nowMs monotonic */
  advance(nowMs: number): void {
    let seconds = Math.min((nowMs - this.#at) / 1000, longestLeap);
    this.#at = nowMs;
    for (; seconds > 0; seconds -= step) this.#move(Math.min(step, seconds));
  }

  #move(seconds: number): void {
    if (this.#waitLeft > 0) {
      this.#waitLeft -= seconds;
      if (this.#waitLeft <= 0) this.#nextStop = this.#distance + this.#between(lightsApart);
      return;
    }
    const room = Math.max(0, this.#nextStop - this.#distance);
    const bend = Math.abs(
      ((this.#route.at(this.#distance + 40).heading - this.#route.at(this.#distance).heading + 540) % 360) - 180,
    );
    const wanted = Math.min(this.#cruise / (1 + bend / 25), Math.sqrt(2 * braking * room));
    const change = wanted - this.#speed;
    this.#speed += Math.max(-braking * 1.5 * seconds, Math.min(acceleration * seconds, change));
    if (room < 1.5 && this.#speed < 2.5) {
      this.#speed = 0;
      this.#waitLeft = this.#between(redFor);
      this.#cruise = this.#between(cruise);
    }
    this.#distance += this.#speed * seconds;
    this.#driven += this.#speed * seconds;
  }

  #between(range: { from: number; to: number }): number {
    return range.from + (range.to - range.from) * this.#random();
  }
}
