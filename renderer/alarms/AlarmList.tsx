import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { AlarmLine } from './AlarmLine.tsx';
import { alarmRows } from './alarm-rows.ts';

/** Height of a row, as alarms.css has it (CSS pixels). */
const rowHeight = 44;

/** Only the rows in view are in the document. */
export function AlarmList() {
  const { alarms, services } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const state = useStore(alarms);
  const live = useStore(services, each => each.alarms);
  const rows = useMemo(() => alarmRows(live, state), [live, state]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => rows[index]?.id ?? index,
    overscan: 10,
  });
  const at = rows.findIndex(row => row.id === state.selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at, virtual]);
  const isNarrowed = state.vehicleId !== null || state.level !== null || state.group !== null || state.openOnly;
  if (rows.length === 0)
    return (
      <div className="alarms-empty" data-testid="alarms-empty">
        <p>{t(state.asking ? 'alarms.asking' : isNarrowed ? 'alarms.noMatch' : 'alarms.none')}</p>
        {isNarrowed && (
          <button type="button" className="button" onClick={() => operations.alarms.escape()}>
            {t('alarms.showAll')} <kbd>Esc</kbd>
          </button>
        )}
      </div>
    );
  return (
    <div ref={scroller} className="alarms-list" data-testid="alarm-list">
      <ul className="alarms-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <AlarmLine
              key={row.id}
              row={row}
              isSelected={item.index === at}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
            />
          );
        })}
      </ul>
      {!state.olderEnded && state.older.length > 0 && (
        <button type="button" className="button alarms-older" onClick={() => void operations.alarms.loadOlder()}>
          {t('alarms.older')}
        </button>
      )}
    </div>
  );
}
