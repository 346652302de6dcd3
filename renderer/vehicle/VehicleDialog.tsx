import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SoundOverride, Transport, Vehicle } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { plateOf } from '../fleet/rows.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { ForgetVehicle } from './ForgetVehicle.tsx';
import { foundOut, SoundFields } from './SoundFields.tsx';
import { VehicleFacts } from './VehicleFacts.tsx';
import './vehicle.css';

const transports: readonly Transport[] = ['both', 'udp', 'tcp'];

export function VehicleDialog({ vehicleId }: { vehicleId: string }) {
  const { fleet } = useStation();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(vehicleId));
  return (
    <Sheet title={t('vehicle.title', { plate: vehicle ? plateOf(vehicle) : vehicleId })} testId="dialog-vehicle">
      {vehicle ? <VehicleForm vehicle={vehicle} /> : <p className="warn">{t('vehicle.gone')}</p>}
    </Sheet>
  );
}

/** The operator's own words for a vehicle; what came from the recorder is beneath and cannot be changed. */
function VehicleForm({ vehicle }: { vehicle: Vehicle }) {
  const { link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const [group, setGroup] = useState(vehicle.group);
  const [transport, setTransport] = useState(vehicle.transport);
  const [names, setNames] = useState<Record<string, string>>(() =>
    Object.fromEntries(vehicle.channels.map(({ channel, name }) => [channel, name ?? ''])),
  );
  const [sound, setSound] = useState<SoundOverride>(vehicle.sound ?? foundOut);
  const save = async (): Promise<void> => {
    const channelNames = Object.fromEntries(Object.entries(names).map(([channel, name]) => [channel, name.trim()]));
    const answer = await link.call('fleet.update', {
      vehicleId: vehicle.id,
      group: group.trim(),
      transport,
      channelNames,
    });
    if (!answer.ok) return operations.failed(answer);
    const heard = await link.call('sound.setOverride', { vehicleId: vehicle.id, ...sound });
    if (!heard.ok) return operations.failed(heard);
    operations.remark('saved');
    operations.closeDialog();
  };
  return (
    <form
      className="vehicle-form"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      {vehicle.state === 'pending' ? (
        <button type="button" className="button button-main" onClick={() => void operations.admit(vehicle.id)}>
          {t('vehicle.admit')}
        </button>
      ) : (
        <>
          <label>
            <b>{t('vehicle.group')}</b>
            <input
              value={group}
              maxLength={64}
              data-testid="vehicle-group"
              onChange={event => setGroup(event.target.value)}
            />
            <span className="soft">{t('vehicle.groupHelp')}</span>
          </label>
          <label>
            <b>{t('vehicle.transport')}</b>
            <select value={transport} onChange={event => setTransport(event.target.value as Transport)}>
              {transports.map(each => (
                <option key={each} value={each}>
                  {t(`vehicle.${each}`)}
                </option>
              ))}
            </select>
            <span className="soft">{t('vehicle.transportHelp')}</span>
          </label>
          <SoundFields sound={sound} change={setSound} />
          <fieldset className="channel-names">
            <legend>{t('vehicle.cameras')}</legend>
            {vehicle.channels.map(({ channel }) => (
              <label key={channel}>
                <span className="figures">{channel}</span>
                <input
                  value={names[channel] ?? ''}
                  maxLength={32}
                  aria-label={t('vehicle.channelName', { channel })}
                  data-testid={`channel-name-${channel}`}
                  onChange={event => setNames({ ...names, [channel]: event.target.value })}
                />
              </label>
            ))}
          </fieldset>
        </>
      )}
      <VehicleFacts vehicle={vehicle} />
      <footer className="form-foot">
        <ForgetVehicle vehicle={vehicle} />
        <button
          type="button"
          className="button"
          data-testid="vehicle-doctor-open"
          onClick={() => operations.doctor.openVehicle(vehicle.id)}
        >
          {t('fleet.doctor')}
        </button>
        <span className="top-space" />
        <button type="button" className="button" onClick={() => operations.closeDialog()}>
          {t('vehicle.cancel')}
        </button>
        {vehicle.state !== 'pending' && (
          <button type="submit" className="button button-main" data-testid="vehicle-save">
            {t('vehicle.save')}
          </button>
        )}
      </footer>
    </form>
  );
}
