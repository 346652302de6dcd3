import type { Feature } from 'geojson';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { mapTiles } from '../bridge.ts';
import { plateOf } from '../fleet/rows.ts';
import { MapBox, type MapHandle } from '../map/MapBox.tsx';
import { placeAt, trackLines } from '../map/map-marks.ts';
import { Ticking, useStation } from '../StationContext.tsx';
import '../map/map.css';

/** Way and place of the vehicle in the selected pane, at the moment that the panes show. */
export function ArchiveMap() {
  const { archive, archiveDesk, fleet } = useStation();
  const { t } = useTranslation();
  const track = useStore(archive, state => state.track);
  const vehicleId = useStore(archive, state => state.cameras[state.focus]?.vehicleId ?? '');
  const plate = useStore(fleet, state => {
    const vehicle = state.vehicles.get(vehicleId);
    return vehicle ? plateOf(vehicle) : vehicleId;
  });
  const [map, setMap] = useState<MapHandle>();
  const fitted = useRef('');
  useEffect(() => {
    if (!map) return undefined;
    map.show('track', trackLines(track));
    const first = track[0];
    const key = first ? `${vehicleId} ${new Date(first.at).toDateString()}` : '';
    if (key !== fitted.current) map.fit(track.map(({ longitude, latitude }) => [longitude, latitude]));
    fitted.current = key;
    return archiveDesk.paint(at => {
      const place = placeAt(track, at);
      const features: Feature[] = place
        ? [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: [place.longitude, place.latitude] },
              properties: { plate, kind: 'moving', direction: place.direction },
            },
          ]
        : [];
      map.show('place', { type: 'FeatureCollection', features });
      if (place) map.follow(place.longitude, place.latitude);
    });
  }, [map, track, vehicleId, plate, archiveDesk]);
  const words = (): string => {
    const place = placeAt(track, archiveDesk.playback.clock.at());
    return place ? t('map.speed', { value: Math.round(place.speed) }) : t('map.noPlace');
  };
  return (
    <section className="archive-map" aria-label={t('map.title')}>
      <MapBox tiles={mapTiles()} ready={setMap}>
        <div className="map-bar" data-testid="archive-place">
          <b>{plate}</b> <Ticking text={words} />
        </div>
      </MapBox>
    </section>
  );
}
