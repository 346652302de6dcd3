import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';

/** Asks one camera of one vehicle for a picture. */
export function PictureAsk() {
  const { alarms, fleet, selection } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicles = useStore(fleet, state => state.vehicles);
  const filtered = useStore(alarms, state => state.vehicleId);
  const chosen = useStore(selection, state => state.vehicle);
  const [channel, setChannel] = useState(1);
  const [isBusy, setBusy] = useState(false);
  const online = [...vehicles.values()].filter(vehicle => vehicle.state === 'online');
  const vehicle = online.find(({ id }) => id === (filtered ?? chosen)) ?? (filtered === null ? online[0] : undefined);
  if (!vehicle) return <p className="picture-ask soft">{t('alarms.nobodyOnline')}</p>;
  return (
    <div className="picture-ask">
      <span>{plateOf(vehicle)}</span>
      <select
        value={channel}
        aria-label={t('alarms.camera')}
        data-testid="picture-channel"
        onChange={event => setChannel(Number(event.target.value))}
      >
        {vehicle.channels.map(each => (
          <option key={each.channel} value={each.channel}>
            {channelTitle(vehicle, each.channel, t)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button button-main"
        disabled={isBusy}
        data-testid="picture-take"
        onClick={() => {
          setBusy(true);
          void operations.alarms.takePicture(vehicle.id, channel).finally(() => setBusy(false));
        }}
      >
        {t(isBusy ? 'alarms.taking' : 'alarms.take')}
      </button>
    </div>
  );
}
