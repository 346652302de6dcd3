import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { mapTiles } from '../bridge.ts';
import { FleetPanel } from '../fleet/FleetPanel.tsx';
import { VehicleCard } from '../rail/VehicleCard.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import { MapBox, type MapHandle } from './MapBox.tsx';
import { vehicleMarks } from './map-marks.ts';
import './map.css';

/** Where every vehicle is, or was last; the one that is chosen at the right. */
export function MapPage() {
  const { fleet, selection, desk } = useStation();
  const fits = useStore(desk, state => state.mapFits);
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicles = useStore(fleet, state => state.vehicles);
  const chosen = useStore(selection, state => state.vehicle);
  const [map, setMap] = useState<MapHandle>();
  const fitted = useRef(-1);
  const marks = vehicleMarks(vehicles.values(), chosen);
  const places = marks.features.map(({ geometry }) => geometry.coordinates as [number, number]);
  useEffect(() => {
    map?.show('vehicles', marks);
    if (!map || fitted.current === fits || places.length === 0) return;
    fitted.current = fits;
    map.fit(places);
  });
  useEffect(() => {
    const position = chosen === null ? undefined : fleet.getState().vehicles.get(chosen)?.position;
    if (position) map?.follow(position.longitude, position.latitude);
  }, [map, chosen, fleet]);
  return (
    <div className="map-page" data-testid="map-page">
      <FleetPanel />
      <MapBox
        tiles={mapTiles()}
        ready={setMap}
        chosen={vehicle => selection.setState({ vehicle })}
        opened={vehicle => {
          operations.openPage('live');
          operations.addVehicle(vehicle);
        }}
      >
        <div className="map-bar">
          <button
            type="button"
            className="button button-small"
            data-testid="map-all"
            onClick={() => operations.showAllOnMap()}
          >
            {t('map.all')} <kbd>0</kbd>
          </button>
          <span data-testid="map-count">{t('map.count', { count: places.length, of: vehicles.size })}</span>
        </div>
      </MapBox>
      <aside className="map-side">
        <VehicleCard />
      </aside>
    </div>
  );
}
