import { type PointerEvent, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import './steer.css';

const directions = ['up', 'left', 'right', 'down'] as const;
const arrows = { up: '▲', left: '◀', right: '▶', down: '▼' } as const;

/** On the picture of a camera that is steered: the head in the middle, the lens and what helps it to see below. */
export function SteerPad({ camera }: { camera: Camera }) {
  const { desk, preferences } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const steered = useStore(desk, state => state.steered === cameraName(camera));
  const speed = useStore(preferences, state => state.steerSpeed);
  const { steer } = operations;
  useEffect(() => (steered ? () => steer.leave() : undefined), [steered, steer]);
  if (!steered) return null;
  const held = (press: () => void) => ({
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press();
    },
    onPointerUp: () => steer.release(),
    onPointerCancel: () => steer.release(),
    onLostPointerCapture: () => steer.release(),
  });
  const lens = [
    { id: 'zoomIn', key: '+', press: () => steer.zoom('in') },
    { id: 'zoomOut', key: '-', press: () => steer.zoom('out') },
    { id: 'focusIn', key: ']', press: () => steer.focus('increase') },
    { id: 'focusOut', key: '[', press: () => steer.focus('decrease') },
    { id: 'irisOpen', key: '.', press: () => steer.iris('increase') },
    { id: 'irisShut', key: ',', press: () => steer.iris('decrease') },
  ] as const;
  const switches = [
    { id: 'wiperOn', key: 'W', run: () => steer.wiper(true) },
    { id: 'wiperOff', key: '⇧W', run: () => steer.wiper(false) },
    { id: 'lightOn', key: 'L', run: () => steer.light(true) },
    { id: 'lightOff', key: '⇧L', run: () => steer.light(false) },
  ] as const;
  return (
    <div
      className="steer"
      data-testid="steer"
      role="toolbar"
      aria-label={t('steer.title')}
      onDoubleClick={event => event.stopPropagation()}
      onPointerDown={event => event.stopPropagation()}
    >
      <div className="steer-head">
        {directions.map(direction => (
          <button
            key={direction}
            type="button"
            tabIndex={-1}
            className={`steer-${direction}`}
            title={t(`steer.${direction}`)}
            aria-label={t(`steer.${direction}`)}
            data-testid={`steer-${direction}`}
            {...held(() => steer.turn(direction))}
          >
            {arrows[direction]}
          </button>
        ))}
      </div>
      <div className="steer-row">
        {lens.map(({ id, key, press }) => (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            title={t(`steer.${id}`)}
            data-testid={`steer-${id}`}
            {...held(press)}
          >
            {t(`steerShort.${id}`)} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      <div className="steer-row">
        {switches.map(({ id, key, run }) => (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            title={t(`steer.${id}`)}
            data-testid={`steer-${id}`}
            onClick={run}
          >
            {t(`steerShort.${id}`)} <kbd>{key}</kbd>
          </button>
        ))}
        <span className="steer-speed">{t('steer.speed', { value: Math.round((speed / 255) * 100) })}</span>
        <button type="button" tabIndex={-1} data-testid="steer-leave" onClick={() => steer.leave()}>
          {t('steer.leave')} <kbd>Esc</kbd>
        </button>
      </div>
    </div>
  );
}
