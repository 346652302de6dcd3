import { useDraggable } from '@dnd-kit/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { LoudspeakerIcon } from '../sound/LoudspeakerIcon.tsx';
import { cellOf } from '../wall/arrangement.ts';
import type { RowShared } from './FleetTree.tsx';
import type { FleetRow } from './rows.ts';
import { channelTitle } from './vehicle-words.ts';

type Props = RowShared & { row: Extract<FleetRow, { kind: 'channel' }> };

export function ChannelRow({ row, elementId, current, style, onSelect, onPlace }: Props) {
  const { fleet, wall } = useStation();
  const { t } = useTranslation();
  const { vehicleId, channel } = row;
  const title = useStore(fleet, state => channelTitle(state.vehicles.get(vehicleId), channel, t));
  const online = useStore(fleet, state => state.vehicles.get(vehicleId)?.state === 'online');
  const trouble = useStore(fleet, state => {
    const position = state.vehicles.get(vehicleId)?.position;
    if (position?.signalLost.includes(channel)) return 'signalLost';
    return position?.occluded.includes(channel) ? 'occluded' : undefined;
  });
  const sound = useStore(fleet, state => {
    const found = state.vehicles.get(vehicleId)?.channels.find(each => each.channel === channel);
    return found?.soundOnly ? 'only' : found?.silent ? 'none' : undefined;
  });
  const cell = useStore(wall, state => {
    const at = cellOf(state, row);
    return at >= 0 && at < state.layout ? at + 1 : 0;
  });
  const camera = { vehicleId, channel };
  const drag = useDraggable({ id: `camera-${vehicleId}-${channel}`, data: { type: 'camera', camera } });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      ref={drag.setNodeRef}
      {...drag.listeners}
      id={elementId}
      className="row row-channel"
      role="treeitem"
      aria-level={3}
      aria-selected={current}
      data-online={online || undefined}
      data-current={current || undefined}
      data-testid={`fleet-channel-${vehicleId}-${channel}`}
      style={style}
      tabIndex={-1}
      onClick={onSelect}
      onDoubleClick={onPlace}
    >
      <span className="row-name">{title}</span>
      <span className="row-right">
        {trouble && online && <span className="row-trouble">{t(`fleet.${trouble}`)}</span>}
        {sound === 'only' && (
          <span className="row-silent" title={t('fleet.soundOnlyHelp')} data-testid={`sound-${vehicleId}-${channel}`}>
            <LoudspeakerIcon silent={false} /> {t('fleet.soundOnly')}
          </span>
        )}
        {sound === 'none' && (
          <span className="row-silent" title={t('fleet.silentHelp')} data-testid={`silent-${vehicleId}-${channel}`}>
            {t('fleet.silent')}
          </span>
        )}
        {cell > 0 && (
          <span className="row-cell" title={t('fleet.onWall')}>
            {t('wall.tile', { cell })}
          </span>
        )}
      </span>
    </div>
  );
}
