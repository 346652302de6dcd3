/** A place on a route. */
export interface RoutePoint {
  /** Degrees WGS-84. */
  latitude: number;
  longitude: number;
  /** Degrees clockwise from north, 0 to 360. */
  heading: number;
}

const metresPerDegree = 111_320;
/** Points put between two given ones. */
const pointsPerLeg = 12;

/** A round trip through given points, rounded by a Catmull-Rom spline so that headings turn as a vehicle's do. */
export class Route {
  readonly #latitudes: number[] = [];
  readonly #longitudes: number[] = [];
  /** Metres from the start to each point; one more than points, the last being `length`. */
  readonly #distances: number[] = [0];

  /** @param loop at least three points, degrees north and east; the last leads back to the first */
  constructor(loop: readonly (readonly [number, number])[]) {
    const point = (at: number) => loop[(at + loop.length) % loop.length] as readonly [number, number];
    for (let leg = 0; leg < loop.length; leg++)
      for (let step = 0; step < pointsPerLeg; step++) {
        const t = step / pointsPerLeg;
        const [a, b, c, d] = [point(leg - 1), point(leg), point(leg + 1), point(leg + 2)];
        this.#latitudes.push(spline(a[0], b[0], c[0], d[0], t));
        this.#longitudes.push(spline(a[1], b[1], c[1], d[1], t));
      }
    for (let at = 0; at < this.#latitudes.length; at++)
      this.#distances.push((this.#distances[at] as number) + Math.hypot(...this.#leg(at)));
  }

  /** Metres once around. */
  get length(): number {
    return this.#distances.at(-1) as number;
  }

  /** @param distance metres from the start; any number, laps are taken off */
  at(distance: number): RoutePoint {
    const along = ((distance % this.length) + this.length) % this.length;
    let low = 0;
    let high = this.#latitudes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#distances[middle] as number) <= along) low = middle;
      else high = middle - 1;
    }
    const from = this.#distances[low] as number;
    const part = (along - from) / ((this.#distances[low + 1] as number) - from);
    const next = (low + 1) % this.#latitudes.length;
    const heading = this.#heading(low);
    const turn = ((this.#heading(next) - heading + 540) % 360) - 180;
    return {
      latitude: mix(this.#latitudes[low] as number, this.#latitudes[next] as number, part),
      longitude: mix(this.#longitudes[low] as number, this.#longitudes[next] as number, part),
      heading: (heading + turn * part + 360) % 360,
    };
  }

  /** Metres east and north from point `at` to the next. */
  #leg(at: number): [number, number] {
    const next = (at + 1) % this.#latitudes.length;
    const latitude = this.#latitudes[at] as number;
    const east = ((this.#longitudes[next] as number) - (this.#longitudes[at] as number)) * metresPerDegree;
    return [
      east * Math.cos((latitude * Math.PI) / 180),
      ((this.#latitudes[next] as number) - latitude) * metresPerDegree,
    ];
  }

  #heading(at: number): number {
    const [east, north] = this.#leg(at);
    return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
  }
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function mix(a: number, b: number, part: number): number {
  return a + (b - a) * part;
}
