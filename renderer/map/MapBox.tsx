import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VehicleMap } from './vehicle-map.ts';

export type MapHandle = Pick<VehicleMap, 'show' | 'fit' | 'follow'>;

interface MapBoxProps {
  tiles: string;
  ready(map: MapHandle | undefined): void;
  chosen?(id: string): void;
  opened?(id: string): void;
  children?: ReactNode;
}

/** The map's place in the page. The library comes with the first map that is looked at. */
export function MapBox(props: MapBoxProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  useEffect(() => {
    let map: VehicleMap | undefined;
    let wanted = true;
    const begin = async (): Promise<void> => {
      const { VehicleMap } = await import('./vehicle-map.ts');
      if (!wanted || !box.current) return;
      map = new VehicleMap({
        box: box.current,
        tiles: latest.current.tiles,
        chosen: id => latest.current.chosen?.(id),
        opened: id => latest.current.opened?.(id),
        failed: () => setState('failed'),
      });
      setState('shown');
      latest.current.ready(map);
    };
    begin().catch(() => wanted && setState('failed'));
    return () => {
      wanted = false;
      latest.current.ready(undefined);
      map?.close();
    };
  }, []);
  return (
    <section className="map-box" data-state={state} data-testid="map">
      <div ref={box} className="map-canvas" />
      {state === 'loading' && <p className="map-words">{t('map.loading')}</p>}
      {state === 'failed' && (
        <p className="map-words" role="status">
          {t('map.failed')}
        </p>
      )}
      {props.children}
    </section>
  );
}
