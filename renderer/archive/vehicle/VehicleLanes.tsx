import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CameraKey } from '../../../electron/contract.ts';
import { channelTitle } from '../../fleet/vehicle-words.ts';
import { clockTime } from '../../i18n/age.ts';
import { diskSize } from '../../recording/disk-size.ts';
import { useOperations, useStation } from '../../StationContext.tsx';
import { cameraKeyName } from '../../store/archive.ts';
import { timelineMetrics, timelineScale } from '../timeline-painter.ts';
import { useVehicleNotes } from './vehicle-notes.ts';
import { paintVehicleLanes, type VehiclePicture, vehicleLaneHeight } from './vehicle-painter.ts';
import { listName } from './vehicle-store.ts';

/** What each camera's vehicle holds of the day. A click plays it in the camera's pane. */
export function VehicleLanes() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const cameras = useStore(station.archive, state => state.cameras);
  const notes = useVehicleNotes();
  const filesOf = (camera: CameraKey) => {
    const list = station.vehicleStorage
      .getState()
      .lists.get(listName(camera.vehicleId, station.archive.getState().day));
    return list?.kind === 'list' ? list.list.files.filter(file => file.channel === camera.channel) : [];
  };
  const latest = useRef<() => Omit<VehiclePicture, 'at'>>(() => ({ lanes: [], marks: null, view: { from: 0, to: 1 } }));
  latest.current = () => {
    const state = station.archive.getState();
    const { play } = station.vehicleStorage.getState();
    return {
      lanes: state.cameras.map((camera, i) => {
        const name = cameraKeyName(camera);
        const vehicle = station.fleet.getState().vehicles.get(camera.vehicleId);
        return {
          title: `${vehicle?.plate || camera.vehicleId} · ${channelTitle(vehicle, camera.channel, t)}`,
          ...notes(camera),
          focused: i === state.focus,
          files: filesOf(camera),
          held: state.lanes.get(name)?.spans ?? [],
          playsAt: play?.name === name ? station.vehicleDesk.row?.at : undefined,
        };
      }),
      marks: state.marks,
      view: state.view,
    };
  };
  const height = cameras.length * vehicleLaneHeight;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const draw = (at: number): void => {
      const width = element.clientWidth;
      const wanted = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)] as const;
      if (element.width !== wanted[0] || element.height !== wanted[1]) [element.width, element.height] = wanted;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      paintVehicleLanes(context, width, { ...latest.current(), at });
    };
    const drawNow = (): void => draw(station.archiveDesk.playback.clock.at());
    const stops = [
      station.archiveDesk.paint(draw),
      station.archive.subscribe(drawNow),
      station.vehicleStorage.subscribe(drawNow),
      station.services.subscribe(drawNow),
    ];
    const resized = new ResizeObserver(drawNow);
    resized.observe(element);
    return () => {
      for (const stop of stops) stop();
      resized.disconnect();
    };
  }, [station, height]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const found = (event: PointerEvent) => {
      const camera = station.archive.getState().cameras[Math.floor(event.offsetY / vehicleLaneHeight)];
      if (!camera || event.offsetX < timelineMetrics.labels) return undefined;
      const at = timelineScale(station.archive.getState().view, element.clientWidth).at(event.offsetX);
      return { camera, at, file: filesOf(camera).find(file => at >= file.from && at < file.to) };
    };
    const press = (event: PointerEvent): void => {
      const hit = event.button === 0 ? found(event) : undefined;
      if (!hit) return;
      if (hit.file) void operations.vehicle.play(hit.camera, hit.at);
      else operations.remark('nothingThere', {}, 'warning');
    };
    const point = (event: PointerEvent): void => {
      const file = found(event)?.file;
      element.style.cursor = file ? 'pointer' : 'default';
      element.title = file
        ? t('vehicleStorage.file', { from: clockTime(file.from), to: clockTime(file.to), size: diskSize(file.bytes) })
        : '';
    };
    element.addEventListener('pointerdown', press);
    element.addEventListener('pointermove', point);
    return () => {
      element.removeEventListener('pointerdown', press);
      element.removeEventListener('pointermove', point);
    };
  });
  return (
    <canvas
      ref={canvas}
      className="vehicle-lanes"
      style={{ height }}
      role="img"
      aria-label={t('vehicleStorage.lanes')}
      data-testid="vehicle-lanes"
    />
  );
}
