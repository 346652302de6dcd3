import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cities } from '../../electron/simulator/cities.ts';
import { Drive } from '../../electron/simulator/drive.ts';
import { seededRandom } from '../../electron/simulator/random.ts';
import { Route } from '../../electron/simulator/route.ts';

/** Metres and degrees from one place to another, on a plane; good for a few hundred metres. */
function between(from: { latitude: number; longitude: number }, to: { latitude: number; longitude: number }) {
  const north = (to.latitude - from.latitude) * 111_320;
  const east = (to.longitude - from.longitude) * 111_320 * Math.cos((from.latitude * Math.PI) / 180);
  return { metres: Math.hypot(north, east), heading: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360 };
}

function turn(from: number, to: number): number {
  return Math.abs(((to - from + 540) % 360) - 180);
}

describe.each(cities)('a route through $name', ({ loop }) => {
  const route = new Route(loop);

  it('is a round trip of city length', () => {
    expect(route.length).toBeGreaterThan(8_000);
    expect(route.length).toBeLessThan(70_000);
    expect(between(route.at(0), route.at(route.length)).metres).toBeLessThan(0.01);
  });

  it('goes where it heads, without jumps and without corners', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), distance => {
        const here = route.at(distance);
        const ahead = route.at(distance + 10);
        const way = between(here, ahead);
        expect(way.metres).toBeGreaterThan(9);
        expect(way.metres).toBeLessThan(10.5);
        expect(turn(here.heading, way.heading)).toBeLessThan(25);
        expect(turn(here.heading, ahead.heading)).toBeLessThan(15);
      }),
    );
  });
});

describe('a drive', () => {
  it('stops at lights, sets off again, and covers the way that its speed says', () => {
    const drive = new Drive(new Route(cities[0]?.loop ?? []), seededRandom(5), 0);
    let standing = 0;
    let integral = 0;
    let fastest = 0;
    let previous = drive.speed;
    for (let second = 1; second <= 3600; second++) {
      drive.advance(second * 1000);
      if (drive.standing) standing++;
      expect(Math.abs(drive.speed - previous)).toBeLessThan(3.6 * 4);
      integral += (drive.speed + previous) / 2 / 3.6;
      previous = drive.speed;
      fastest = Math.max(fastest, drive.speed);
    }
    expect(standing).toBeGreaterThan(200);
    expect(standing).toBeLessThan(2000);
    expect(fastest).toBeGreaterThan(45);
    expect(fastest).toBeLessThan(70);
    expect(Math.abs(integral - drive.driven) / drive.driven).toBeLessThan(0.02);
  });

  it('does not race after a long sleep', () => {
    const drive = new Drive(new Route(cities[1]?.loop ?? []), seededRandom(6), 0);
    drive.advance(24 * 3600 * 1000);
    expect(drive.driven).toBeLessThan(60 * 20);
  });
});
