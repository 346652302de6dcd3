import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Sheet } from '../dialog/Sheet.tsx';
import { useStation } from '../StationContext.tsx';
import { TransferItem } from './TransferItem.tsx';
import './transfers.css';

/** Files on their way from vehicles by FTP, and those that came: the newest first. */
export function TransfersSheet() {
  const { services } = useStation();
  const { t } = useTranslation();
  const uploads = useStore(services, state => state.uploads);
  const rows = [...uploads.values()].sort((a, b) => b.startedAt - a.startedAt);
  return (
    <Sheet title={t('transfers.title')} wide testId="dialog-transfers">
      <div className="transfers">
        <p className="soft">{t(rows.length > 0 ? 'transfers.what' : 'transfers.none')}</p>
        <ul className="transfer-list" data-testid="transfer-list">
          {rows.map(row => (
            <TransferItem key={row.id} row={row} />
          ))}
        </ul>
      </div>
    </Sheet>
  );
}
