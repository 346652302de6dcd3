import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';

/** Layer names of the two schemas that PMTiles of streets come in: Protomaps' own, and OpenMapTiles'. */
const names = {
  water: ['water'],
  green: ['landuse', 'landcover', 'park'],
  buildings: ['buildings', 'building'],
  roads: ['roads', 'transportation'],
  borders: ['boundaries', 'boundary'],
  roadNames: ['roads', 'transportation_name'],
  places: ['places', 'place'],
} as const;

const source = 'streets';
/** Fonts of the computer: nothing is fetched for a letter. */
const font = ['sans-serif'];

/** Dark and quiet: the vehicles are what is to be seen. */
export function mapStyle(tiles: { url: string; layers: readonly string[] } | undefined): StyleSpecification {
  return {
    version: 8,
    sources: tiles ? { [source]: { type: 'vector', url: tiles.url } } : {},
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#0d141b' } },
      ...(tiles ? streetLayers(new Set(tiles.layers)) : []),
    ],
  };
}

function streetLayers(there: ReadonlySet<string>): LayerSpecification[] {
  const layers: LayerSpecification[] = [];
  const each = (kind: keyof typeof names, make: (id: string, layer: string) => LayerSpecification): void => {
    for (const layer of names[kind]) if (there.has(layer)) layers.push(make(`${kind}-${layer}`, layer));
  };
  each('green', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'fill',
    paint: { 'fill-color': '#101b1c', 'fill-opacity': 0.7 },
  }));
  each('water', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'fill',
    paint: { 'fill-color': '#0b2233' },
  }));
  each('buildings', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'fill',
    minzoom: 14,
    paint: { 'fill-color': '#16212b' },
  }));
  each('roads', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'line',
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': '#2c3c4a',
      'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 6, 0.4, 12, 1.4, 16, 6],
    },
  }));
  each('borders', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'line',
    paint: { 'line-color': '#44535f', 'line-dasharray': [3, 2], 'line-width': 1 },
  }));
  each('roadNames', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'symbol',
    minzoom: 13,
    layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': font, 'text-size': 11 },
    paint: { 'text-color': '#7d8d9a', 'text-halo-color': '#0d141b', 'text-halo-width': 1 },
  }));
  each('places', (id, layer) => ({
    ...{ id, source, 'source-layer': layer },
    type: 'symbol',
    layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': 13 },
    paint: { 'text-color': '#9fb0bd', 'text-halo-color': '#0d141b', 'text-halo-width': 1.2 },
  }));
  return layers;
}
