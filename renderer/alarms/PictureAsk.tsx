import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { camerasOf, channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { photographed } from './alarm-rows.ts';

/** Asks one camera of one vehicle for a picture. */
export function PictureAsk() {
  const { alarms, fleet, selection } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicles = useStore(fleet, state => state.vehicles);
  const { vehicleId, channel, taking } = useStore(alarms);
  const chosen = useStore(selection, state => state.vehicle);
  const vehicle = photographed(vehicles, vehicleId, chosen);
  if (!vehicle) return <p className="picture-ask soft">{t('alarms.nobodyOnline')}</p>;
  return (
    <div className="picture-ask">
      <span>{plateOf(vehicle)}</span>
      <select
        value={channel}
        aria-label={t('alarms.camera')}
        data-testid="picture-channel"
        onChange={event => alarms.setState({ channel: Number(event.target.value) })}
      >
        {camerasOf(vehicle).map(each => (
          <option key={each.channel} value={each.channel}>
            {channelTitle(vehicle, each.channel, t)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button button-main"
        disabled={taking}
        title={`${t('command.pictureTake')} (P)`}
        data-testid="picture-take"
        onClick={() => void operations.alarms.takePicture()}
      >
        {t(taking ? 'alarms.taking' : 'alarms.take')}
      </button>
    </div>
  );
}
