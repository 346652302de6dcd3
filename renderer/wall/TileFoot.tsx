import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { speedWords } from '../fleet/vehicle-words.ts';
import { clockTime } from '../i18n/age.ts';
import { Ticking, useStation } from '../StationContext.tsx';
import type { TileState } from '../store/tiles.ts';
import type { Camera } from './arrangement.ts';
import { type FootFigures, footFigures, lossPercent } from './figures.ts';

const parts: (keyof FootFigures)[] = ['fps', 'loss', 'latency', 'size', 'rate', 'codec'];

/** Speed at the left, the stream's figures at the right, most telling first: narrow tiles leave out the last (wall.css). */
export function TileFoot({ camera, tile }: { camera: Camera; tile: TileState }) {
  const station = useStation();
  const { t } = useTranslation();
  const speed = (): string => {
    const vehicle = station.fleet.getState().vehicles.get(camera.vehicleId);
    return vehicle?.state === 'online' && vehicle.position ? speedWords(vehicle.position, t) : '';
  };
  const { kind } = tile;
  const old = kind === 'stalled' || kind === 'waiting' || kind === 'lost';
  return (
    <footer className="tile-foot">
      <Ticking text={speed} className="tile-speed" />
      {kind === 'live' && <LiveFigures camera={camera} />}
      {old && <Ticking className="tile-figures" text={() => lastFrameText()} />}
    </footer>
  );

  function lastFrameText(): string {
    const status = station.pool.snapshot(camera)?.status;
    if (!status || status.lastFrameAt === 0) return '';
    const loss = status.lossRatio > 0 ? ` · ${t('figure.loss', { value: lossPercent(status.lossRatio) })}` : '';
    return t('panel.lastFrameAt', { time: clockTime(status.lastFrameAt) }) + loss;
  }
}

function LiveFigures({ camera }: { camera: Camera }) {
  const { pool, ticker, preferences } = useStation();
  const { t } = useTranslation();
  const host = useRef<HTMLSpanElement>(null);
  const { vehicleId, channel } = camera;
  useLayoutEffect(() => {
    const spans = [...(host.current?.children ?? [])];
    return ticker.add(() => {
      const figures = footFigures(pool.snapshot({ vehicleId, channel }), t);
      const latency = preferences.getState().figures;
      parts.forEach((part, i) => {
        const text = part === 'latency' && !latency ? '' : figures[part];
        const span = spans[i];
        if (span && span.textContent !== text) span.textContent = text;
      });
    });
  }, [pool, ticker, preferences, t, vehicleId, channel]);
  return (
    <span ref={host} className="tile-figures" data-testid="figures">
      {parts.map(part => (
        <span key={part} data-figure={part} />
      ))}
    </span>
  );
}
