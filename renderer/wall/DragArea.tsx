import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import type { Camera } from './arrangement.ts';

/** What is under way with the mouse. */
export type Dragged =
  | { type: 'tile'; cell: number; camera: Camera }
  | { type: 'camera'; camera: Camera }
  | { type: 'vehicle'; vehicleId: string };

/** A press becomes a drag after this many pixels, so that clicks stay clicks. */
const dragAfter = 6;

/** Carries cameras, vehicles and tiles to tiles. With the keyboard the same is done by Enter and by Shift and the arrows. */
export function DragArea({ children }: { children: ReactNode }) {
  const operations = useOperations();
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: dragAfter } }));
  const drop = ({ active, over }: DragEndEvent): void => {
    setDragged(null);
    const what = active.data.current as Dragged | undefined;
    const cell = (over?.data.current as { cell: number } | undefined)?.cell;
    if (!what || cell === undefined) return;
    if (what.type === 'tile') operations.swap(what.cell, cell);
    else if (what.type === 'camera') operations.place(what.camera, cell);
    else operations.addVehicle(what.vehicleId, cell);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      autoScroll={false}
      accessibility={{
        screenReaderInstructions: { draggable: t('wall.dragHelp') },
        announcements: {
          onDragStart: () => undefined,
          onDragOver: () => undefined,
          onDragEnd: () => undefined,
          onDragCancel: () => undefined,
        },
      }}
      onDragStart={({ active }) => setDragged((active.data.current as Dragged | undefined) ?? null)}
      onDragEnd={drop}
      onDragCancel={() => setDragged(null)}
    >
      {children}
      <DragOverlay dropAnimation={null}>{dragged && <DragLabel dragged={dragged} />}</DragOverlay>
    </DndContext>
  );
}

function DragLabel({ dragged }: { dragged: Dragged }) {
  const station = useStation();
  const { t } = useTranslation();
  const vehicleId = dragged.type === 'vehicle' ? dragged.vehicleId : dragged.camera.vehicleId;
  const vehicle = station.fleet.getState().vehicles.get(vehicleId);
  const plate = vehicle ? plateOf(vehicle) : vehicleId;
  return (
    <div className="drag-label">
      <b>{plate}</b>{' '}
      {dragged.type === 'vehicle'
        ? t('fleet.channels', { count: vehicle?.channels.length ?? 0 })
        : channelTitle(vehicle, dragged.camera.channel, t)}
    </div>
  );
}
