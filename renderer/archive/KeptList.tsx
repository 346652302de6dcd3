import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { clockMinute } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { dayOf } from './days.ts';

/** Bookmarks: what was found worth keeping. */
export function KeptList() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const bookmarks = useStore(station.archive, state => state.bookmarks);
  const day = useStore(station.archive, state => state.day);
  return (
    <section aria-label={t('archive.kept')}>
      <header className="side-head">
        <h3>{t('archive.kept')}</h3>
        <span>{bookmarks.length}</span>
      </header>
      {bookmarks.map(bookmark => {
        const date = new Date(bookmark.from);
        const other = dayOf(bookmark.from) !== day;
        return (
          <div key={bookmark.id} className="kept" data-testid={`kept-${bookmark.id}`}>
            <button type="button" className="kept-row" onClick={() => operations.archive.visit(bookmark)}>
              <span className="footage-name">{bookmark.note || t('archive.noNote')}</span>
              <span className="kept-time">
                {other && `${date.getMonth() + 1}-${date.getDate()} `}
                {clockMinute(bookmark.from)}
              </span>
            </button>
            <button
              type="button"
              className="icon-button kept-remove"
              aria-label={t('archive.letGo')}
              title={t('archive.letGo')}
              onClick={() => void operations.archive.forget(bookmark)}
            >
              ×
            </button>
          </div>
        );
      })}
    </section>
  );
}
