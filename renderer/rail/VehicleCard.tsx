import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Vehicle, VehiclePosition } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { alarmWords, headingWord, positionText, speedWords } from '../fleet/vehicle-words.ts';
import { ageWords, clockTime, lastSeenWords } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';

/** The vehicle of the selected tile or row: where it is and how it does. */
export function VehicleCard() {
  const { fleet, selection } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const id = useStore(selection, state => state.vehicle);
  const vehicle = useStore(fleet, state => (id === null ? undefined : state.vehicles.get(id)));
  if (!vehicle) return null;
  const { position } = vehicle;
  return (
    <section className="card" aria-label={t('card.title')} data-testid="vehicle-card">
      <header>
        <h3>{plateOf(vehicle)}</h3>
        <StateWords vehicle={vehicle} />
      </header>
      <dl className="facts">
        {position ? <PositionFacts position={position} /> : <NoPosition />}
        <dt>{t('card.terminal')}</dt>
        <dd className="figures">{vehicle.headerId}</dd>
        {(vehicle.maker || vehicle.model) && (
          <>
            <dt>{t('card.device')}</dt>
            <dd>{`${vehicle.maker} ${vehicle.model}`.trim()}</dd>
          </>
        )}
        <dt>{t('card.protocol')}</dt>
        <dd>
          {`JT/T 808-${vehicle.version}`} · {t(`vehicle.${vehicle.transport === 'both' ? 'any' : vehicle.transport}`)}
        </dd>
      </dl>
      <footer>
        {vehicle.state !== 'pending' && (
          <button type="button" className="button" onClick={() => operations.addVehicle(vehicle.id)}>
            {t('card.showAll')}
          </button>
        )}
        <button
          type="button"
          className="button"
          data-testid="card-properties"
          onClick={() => operations.openVehicle(vehicle.id)}
        >
          {t('card.properties')}
        </button>
      </footer>
    </section>
  );
}

function StateWords({ vehicle }: { vehicle: Vehicle }) {
  const { t } = useTranslation();
  const { state, onlineSince, lastSeenAt } = vehicle;
  if (state === 'pending') return <p className="card-state">{t('card.pending')}</p>;
  const words = (): string =>
    state === 'online'
      ? t('card.online', { age: ageWords(Date.now() - onlineSince, t) })
      : t('card.offline', { when: lastSeenWords(lastSeenAt, Date.now(), t) });
  return (
    <p className="card-state" data-state={state}>
      <Ticking text={words} />
    </p>
  );
}

function NoPosition() {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t('card.position')}</dt>
      <dd>{t('card.noPosition')}</dd>
    </>
  );
}

function PositionFacts({ position }: { position: VehiclePosition }) {
  const { t } = useTranslation();
  const alarms = alarmWords(position, t);
  return (
    <>
      <dt>{t('card.speed')}</dt>
      <dd>
        {speedWords(position, t)} · {headingWord(position.direction, t)}
      </dd>
      <dt>{t('card.position')}</dt>
      <dd>{position.fixed ? positionText(position) : t('card.noFix')}</dd>
      <dt>{t('card.ignition')}</dt>
      <dd>{t(position.ignition ? 'card.on' : 'card.off')}</dd>
      <dt>{t('card.reported')}</dt>
      <dd>{clockTime(position.receivedAt)}</dd>
      <dt>{t('card.alarms')}</dt>
      <dd data-alarm={alarms.length > 0 || undefined}>{alarms.length > 0 ? alarms.join(', ') : t('card.none')}</dd>
    </>
  );
}
