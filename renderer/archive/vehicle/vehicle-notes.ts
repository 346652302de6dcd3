import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CameraKey } from '../../../electron/contract.ts';
import { diskSize } from '../../recording/disk-size.ts';
import { useStation } from '../../StationContext.tsx';
import { listName } from './vehicle-store.ts';

/** What is said of a camera's lane of its vehicle: asking, how much there is, or why it is not known. */
export function useVehicleNotes(): (camera: CameraKey) => { note: string; isTrouble: boolean } {
  const station = useStation();
  const { t } = useTranslation();
  const lists = useStore(station.vehicleStorage, state => state.lists);
  const searches = useStore(station.services, state => state.searches);
  const day = useStore(station.archive, state => state.day);
  return ({ vehicleId, channel }) => {
    const known = lists.get(listName(vehicleId, day));
    const search = [...searches.values()].find(row => row.vehicleId === vehicleId);
    if (!known) return { note: t('vehicleStorage.notAsked'), isTrouble: false };
    if (known.kind === 'failed')
      return {
        note: t(known.code === 'commandTimeout' ? 'vehicleStorage.noAnswer' : `error.${known.code}`),
        isTrouble: true,
      };
    if (known.kind === 'asking' || known.isAskedAgain)
      return { note: t(`vehicleStorage.asking.${search?.way ?? 'standard'}`), isTrouble: false };
    const files = known.list.files.filter(file => file.channel === channel);
    if (files.length === 0) return { note: t('vehicleStorage.noFiles'), isTrouble: false };
    const size = diskSize(files.reduce((sum, file) => sum + file.bytes, 0));
    return { note: t('vehicleStorage.files', { count: files.length, size }), isTrouble: false };
  };
}
