import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { contractVersion } from '../../electron/contract.ts';
import { ageWords } from '../i18n/age.ts';
import { Ticking, useStation } from '../StationContext.tsx';

/** Says at once that nothing on the wall is live any more, for how long, and what is being done. */
export function ConnectionBanner() {
  const { connection } = useStation();
  const { t } = useTranslation();
  const { state, since, attempt, mismatch } = useStore(connection);
  if (mismatch !== undefined)
    return (
      <p className="banner" role="alert">
        {t('connection.mismatch', { here: contractVersion, there: mismatch })}
      </p>
    );
  if (state !== 'lost') return null;
  return (
    <p className="banner" role="alert" data-testid="connection-banner">
      <Ticking text={() => t('connection.lost', { age: ageWords(Date.now() - since, t), attempt })} />
    </p>
  );
}
