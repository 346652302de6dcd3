import type { FeatureCollection } from 'geojson';
import {
  type GeoJSONSource,
  MapLibreMap,
  type MapMouseEvent,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerAddress from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { graticule } from './graticule.ts';
import type { MarkKind } from './map-marks.ts';
import { mapStyle } from './map-style.ts';
import { streetTiles } from './tiles.ts';

const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };
const font = ['sans-serif'];
const colours: Record<MarkKind, string> = { alarm: '#ff5a52', moving: '#3fb950', standing: '#d5a021', away: '#7d8d9a' };
/** Metres and pixels from the edge when everything is fitted in. */
const edge = 60;
const closest = 15;

export interface VehicleMapOptions {
  box: HTMLElement;
  /** Of the PMTiles archive. */
  tiles: string;
  /** A mark was clicked; twice for `opened`. */
  chosen(id: string): void;
  opened(id: string): void;
  /** WebGL is not to be had. */
  failed(): void;
}

/** The map itself, outside React: streets or a grid, marks of vehicles, a track. */
export class VehicleMap {
  readonly #map: MapLibreMap;
  readonly #options: VehicleMapOptions;
  #ready = false;
  #closed = false;
  #wanted = new Map<string, FeatureCollection>();
  #fit: [number, number][] | undefined;

  /** @throws when the page has no WebGL */
  constructor(options: VehicleMapOptions) {
    this.#options = options;
    setWorkerUrl(new URL(workerAddress, location.href).href);
    this.#map = new MapLibreMap({
      container: options.box,
      style: mapStyle(undefined),
      center: [104, 34],
      zoom: 3.2,
      attributionControl: { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(new ScaleControl({}), 'bottom-left');
    this.#map.on('error', event => {
      if (/webgl/i.test(String(event.error))) options.failed();
    });
    this.#map.on('load', () => void this.#begin());
    this.#map.on('moveend', () => this.#drawGrid());
    this.#map.on('click', event => this.#clicked(event, options.chosen));
    this.#map.on('dblclick', event => this.#clicked(event, options.opened));
  }

  /** Whether streets are shown. */
  hasStreets = false;

  show(source: 'vehicles' | 'track' | 'place', data: FeatureCollection): void {
    this.#wanted.set(source, data);
    if (this.#ready) this.#source(source)?.setData(data);
  }

  /** Everything in the picture; one point comes close. */
  fit(points: [number, number][]): void {
    if (points.length === 0) return;
    this.#fit = points;
    if (!this.#ready) return;
    const longitudes = points.map(([longitude]) => longitude);
    const latitudes = points.map(([, latitude]) => latitude);
    this.#map.fitBounds(
      [
        [Math.min(...longitudes), Math.min(...latitudes)],
        [Math.max(...longitudes), Math.max(...latitudes)],
      ],
      { padding: edge, maxZoom: closest, animate: false },
    );
  }

  /** Follows a point without a jump, only when it leaves the middle. */
  follow(longitude: number, latitude: number): void {
    if (!this.#ready) return;
    const at = this.#map.project([longitude, latitude]);
    const { clientWidth, clientHeight } = this.#options.box;
    const isInside = at.x > edge && at.y > edge && at.x < clientWidth - edge && at.y < clientHeight - edge;
    if (!isInside) this.#map.easeTo({ center: [longitude, latitude], duration: 400 });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#map.remove();
  }

  async #begin(): Promise<void> {
    const tiles = await streetTiles(this.#options.tiles);
    if (this.#closed) return;
    if (tiles) {
      this.hasStreets = true;
      this.#map.setStyle(mapStyle(tiles), { diff: false });
      await this.#map.once('style.load');
    }
    this.#addLayers();
    this.#ready = true;
    for (const [source, data] of this.#wanted) this.#source(source)?.setData(data);
    if (this.#fit) this.fit(this.#fit);
    this.#drawGrid();
  }

  #addLayers(): void {
    const map = this.#map;
    for (const id of ['grid', 'track', 'vehicles', 'place']) map.addSource(id, { type: 'geojson', data: nothing });
    map.addImage('arrow', arrow(), { pixelRatio: 2, sdf: true });
    map.addLayer({ id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': '#22303b', 'line-width': 1 } });
    map.addLayer({
      ...{ id: 'grid-words', type: 'symbol', source: 'grid' },
      layout: { 'symbol-placement': 'line', 'text-field': ['get', 'words'], 'text-font': font, 'text-size': 10 },
      paint: { 'text-color': '#5d6d79', 'text-halo-color': '#0d141b', 'text-halo-width': 1.5 },
    });
    map.addLayer({
      ...{ id: 'track', type: 'line', source: 'track' },
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#4aa3ff', 'line-width': 3, 'line-opacity': 0.75 },
    });
    map.addLayer({
      ...{ id: 'chosen', type: 'circle', source: 'vehicles', filter: ['==', ['get', 'chosen'], true] },
      paint: { 'circle-radius': 17, 'circle-color': '#4aa3ff', 'circle-opacity': 0.28 },
    });
    for (const [id, source] of [
      ['vehicles', 'vehicles'],
      ['place', 'place'],
    ] as const)
      map.addLayer({
        ...{ id, source },
        type: 'symbol',
        layout: {
          'icon-image': 'arrow',
          'icon-rotate': ['get', 'direction'],
          'icon-rotation-alignment': 'map',
          'icon-allow-overlap': true,
          'text-field': ['get', 'plate'],
          'text-font': font,
          'text-size': 13,
          'text-anchor': 'left',
          'text-offset': [1.1, 0],
          'text-optional': true,
        },
        paint: {
          'icon-color': ['match', ['get', 'kind'], ...Object.entries(colours).flat(), '#ffffff'] as never,
          'text-color': '#e6edf3',
          'text-halo-color': '#0a0f15',
          'text-halo-width': 1.6,
        },
      });
  }

  #drawGrid(): void {
    if (!this.#ready) return;
    const bounds = this.#map.getBounds();
    const seen = { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
    this.#source('grid')?.setData(this.hasStreets ? nothing : graticule(seen));
  }

  #clicked(event: MapMouseEvent, tell: (id: string) => void): void {
    if (!this.#ready) return;
    const { x, y } = event.point;
    const found = this.#map.queryRenderedFeatures(
      [
        [x - 8, y - 8],
        [x + 8, y + 8],
      ],
      { layers: ['vehicles'] },
    );
    const id: unknown = found[0]?.properties.id;
    if (typeof id !== 'string') return;
    event.preventDefault();
    tell(id);
  }

  #source(id: string): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(id);
  }
}

/** An arrow head that points north, 44 pixels wide, for two device pixels each. */
function arrow(): ImageData {
  const size = 44;
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = '#000';
  context.beginPath();
  context.moveTo(22, 4);
  context.lineTo(37, 39);
  context.lineTo(22, 31);
  context.lineTo(7, 39);
  context.closePath();
  context.fill();
  return context.getImageData(0, 0, size, size);
}
