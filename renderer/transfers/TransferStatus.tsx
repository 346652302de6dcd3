import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { isOver } from './transfer-words.ts';

/** In the status bar while files are on their way. */
export function TransferStatus() {
  const { services } = useStation();
  const { transfers } = useOperations();
  const { t } = useTranslation();
  const count = useStore(services, state => [...state.uploads.values()].filter(row => !isOver(row)).length);
  if (count === 0) return null;
  return (
    <button
      type="button"
      className="status-button"
      data-testid="status-transfers"
      title={`${t('command.transfers')} (⇧ N)`}
      onClick={() => transfers.open()}
    >
      {t('transfers.status', { count })}
    </button>
  );
}
