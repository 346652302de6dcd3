import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useStation } from '../StationContext.tsx';
import { cameraName } from './arrangement.ts';

/** Reads the selected tile out when it or its state changes; fifteen others that come and go would drown it. */
export function FocusVoice() {
  const { wall, tiles, fleet } = useStation();
  const { t } = useTranslation();
  const cell = useStore(wall, state => state.focus);
  const camera = useStore(wall, state => state.cells[state.focus]);
  const kind = useStore(tiles, state => (camera ? state.tiles.get(cameraName(camera))?.kind : undefined)) ?? 'paused';
  const vehicle = camera ? fleet.getState().vehicles.get(camera.vehicleId) : undefined;
  const plate = vehicle ? plateOf(vehicle) : (camera?.vehicleId ?? '');
  return (
    <output className="unseen-voice" aria-live="polite">
      {camera
        ? t('wall.tileOf', {
            cell: cell + 1,
            plate,
            channel: channelTitle(vehicle, camera.channel, t),
            state: t(`chip.${kind}`),
          })
        : t('wall.emptyTitle', { cell: cell + 1 })}
    </output>
  );
}
