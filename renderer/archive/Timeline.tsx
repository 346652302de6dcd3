import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { cameraKeyName } from '../store/archive.ts';
import { dayAfter } from './days.ts';
import { Tool } from './Tool.tsx';
import { TimelineMouse } from './timeline-mouse.ts';
import { paintTimeline, type TimelinePicture, timelineHeight } from './timeline-painter.ts';

/** Lanes, gaps, events, speed and the day, drawn with every picture without React. */
export function Timeline() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const count = useStore(station.archive, state => state.cameras.length);
  const latest = useRef<() => Omit<TimelinePicture, 'at' | 'now'>>(() => emptyPicture);
  latest.current = () => {
    const state = station.archive.getState();
    const { vehicles } = station.fleet.getState();
    const plate = (vehicleId: string): string =>
      vehicles.get(vehicleId)?.plate || state.found.find(each => each.vehicleId === vehicleId)?.plate || vehicleId;
    const tracked = (state.cameras[state.focus] ?? state.cameras[0])?.vehicleId;
    return {
      lanes: state.cameras.map((camera, i) => {
        const map = state.lanes.get(cameraKeyName(camera));
        const writing = map?.segments.some(row => row.state === 'writing');
        return {
          title: `${plate(camera.vehicleId)} · ${channelTitle(vehicles.get(camera.vehicleId), camera.channel, t)}`,
          note: t(writing ? 'archive.beingRecorded' : 'archive.onDisk'),
          focused: i === state.focus,
          map,
          vehicleId: camera.vehicleId,
          channel: camera.channel,
        };
      }),
      events: state.events,
      track: state.track,
      marks: state.marks,
      view: state.view,
      day: { from: state.day, to: dayAfter(state.day) },
      words: {
        speed: t('archive.speed'),
        speedNote: tracked ? plate(tracked) : '',
        wholeDay: t('archive.wholeDay'),
      },
    };
  };
  const height = timelineHeight(count);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const draw = (at: number): void => {
      const ratio = devicePixelRatio;
      const width = element.clientWidth;
      const wanted = [Math.round(width * ratio), Math.round(height * ratio)] as const;
      if (element.width !== wanted[0] || element.height !== wanted[1]) [element.width, element.height] = wanted;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintTimeline(context, width, { ...latest.current(), at, now: Date.now() });
    };
    const drawNow = (): void => draw(station.archiveDesk.playback.clock.at());
    const stopPainting = station.archiveDesk.paint(draw);
    const stopWatching = station.archive.subscribe(drawNow);
    const resized = new ResizeObserver(drawNow);
    resized.observe(element);
    return () => {
      stopPainting();
      stopWatching();
      resized.disconnect();
    };
  }, [station, height]);
  useEffect(() => {
    if (!canvas.current) return;
    const mouse = new TimelineMouse(canvas.current, station.archiveDesk, station.archive);
    return () => mouse.close();
  }, [station]);
  return (
    <div className="timeline-place">
      <canvas
        ref={canvas}
        className="timeline"
        style={{ height }}
        role="img"
        aria-label={t('archive.timeline')}
        data-testid="timeline"
      />
      <fieldset className="timeline-tools" aria-label={t('archive.time')}>
        <Tool id="timeOut" hint="-" run={() => operations.archive.zoom(2)} glyph="−" />
        <span className="transport-label">{t('archive.time')}</span>
        <Tool id="timeIn" hint="+" run={() => operations.archive.zoom(0.5)} glyph="+" />
      </fieldset>
    </div>
  );
}

const emptyPicture: Omit<TimelinePicture, 'at' | 'now'> = {
  lanes: [],
  events: [],
  track: [],
  marks: null,
  view: { from: 0, to: 1 },
  day: { from: 0, to: 1 },
  words: { speed: '', speedNote: '', wholeDay: '' },
};
