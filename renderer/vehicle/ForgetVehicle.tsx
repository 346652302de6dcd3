import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Vehicle } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { useOperations } from '../StationContext.tsx';

/** Asks once more before a vehicle's names and registration are removed. */
export function ForgetVehicle({ vehicle }: { vehicle: Vehicle }) {
  const operations = useOperations();
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <button
        type="button"
        className="button button-danger"
        data-testid="vehicle-forget"
        onClick={() => setAsking(true)}
      >
        {t('vehicle.forget')}
      </button>
    );
  const forget = async (): Promise<void> => {
    if (await operations.forget(vehicle.id)) operations.closeDialog();
  };
  return (
    <p className="forget" role="alert">
      {t('vehicle.forgetQuestion', { plate: plateOf(vehicle) })}
      <button
        type="button"
        className="button button-danger"
        data-testid="vehicle-forget-yes"
        onClick={() => void forget()}
      >
        {t('vehicle.forgetYes')}
      </button>
      <button type="button" className="button" onClick={() => setAsking(false)}>
        {t('vehicle.forgetNo')}
      </button>
    </p>
  );
}
