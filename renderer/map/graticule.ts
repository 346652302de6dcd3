import type { FeatureCollection, LineString } from 'geojson';
export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Distances between lines, degrees: round numbers down to a second of arc or so. */
const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
/** Lines across the shorter side, about. */
const wantedLines = 5;
const mostNorth = 85;

/** Meridians and parallels of what is seen, each with its words: what a map without streets shows. */
export function graticule(bounds: Bounds): FeatureCollection<LineString, { words: string }> {
  const { west, south, east, north } = bounds;
  const span = Math.min(east - west, north - south);
  const step = steps.find(each => span / each >= wantedLines) ?? (steps.at(-1) as number);
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const features: FeatureCollection<LineString, { words: string }>['features'] = [];
  const line = (from: [number, number], to: [number, number], words: string): void => {
    features.push({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: [from, to] },
      properties: { words },
    });
  };
  for (let at = Math.ceil(west / step); at * step <= east; at++)
    line([at * step, south], [at * step, north], `${Math.abs(at * step).toFixed(digits)}° ${at < 0 ? 'W' : 'E'}`);
  for (let at = Math.ceil(Math.max(south, -mostNorth) / step); at * step <= Math.min(north, mostNorth); at++)
    line([west, at * step], [east, at * step], `${Math.abs(at * step).toFixed(digits)}° ${at < 0 ? 'S' : 'N'}`);
  return { type: 'FeatureCollection', features };
}
