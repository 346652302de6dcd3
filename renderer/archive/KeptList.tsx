import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Bookmark } from '../../electron/contract.ts';
import { clockMinute } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { dayOf } from './days.ts';

/** Bookmarks: what was found worth keeping. */
export function KeptList() {
  const station = useStation();
  const { t } = useTranslation();
  const bookmarks = useStore(station.archive, state => state.bookmarks);
  const [amended, setAmended] = useState(0);
  return (
    <section aria-label={t('archive.kept')}>
      <header className="side-head">
        <h3>{t('archive.kept')}</h3>
        <span>{bookmarks.length}</span>
      </header>
      {bookmarks.map(bookmark =>
        bookmark.id === amended ? (
          <KeptForm key={bookmark.id} bookmark={bookmark} onDone={() => setAmended(0)} />
        ) : (
          <KeptRow key={bookmark.id} bookmark={bookmark} onAmend={() => setAmended(bookmark.id)} />
        ),
      )}
    </section>
  );
}

function KeptRow({ bookmark, onAmend }: { bookmark: Bookmark; onAmend(): void }) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const other = useStore(station.archive, state => dayOf(bookmark.from) !== state.day);
  const date = new Date(bookmark.from);
  return (
    <div className="kept" data-testid={`kept-${bookmark.id}`}>
      <button type="button" className="kept-row" onClick={() => operations.archive.visit(bookmark)}>
        <span className="footage-name" title={bookmark.note}>
          {bookmark.note || t('archive.noNote')}
        </span>
        <span className="kept-time">
          {other && `${date.getMonth() + 1}-${date.getDate()} `}
          {clockMinute(bookmark.from)}
        </span>
        {!bookmark.isProtected && (
          <span className="kept-loose" title={t('archive.looseHelp')}>
            {t('archive.loose')}
          </span>
        )}
      </button>
      <button
        type="button"
        className="icon-button kept-tool"
        aria-label={t('archive.amend')}
        title={t('archive.amend')}
        data-testid={`kept-amend-${bookmark.id}`}
        onClick={onAmend}
      >
        ✎
      </button>
      <button
        type="button"
        className="icon-button kept-tool"
        aria-label={t('archive.letGo')}
        title={t('archive.letGo')}
        data-testid={`kept-forget-${bookmark.id}`}
        onClick={() => void operations.archive.forget(bookmark)}
      >
        ×
      </button>
    </div>
  );
}

function KeptForm({ bookmark, onDone }: { bookmark: Bookmark; onDone(): void }) {
  const operations = useOperations();
  const { t } = useTranslation();
  const [note, setNote] = useState(bookmark.note);
  const [isProtected, setProtected] = useState(bookmark.isProtected);
  const save = async (): Promise<void> => {
    if (await operations.archive.amend(bookmark, { note: note.trim(), isProtected })) onDone();
  };
  return (
    <form
      className="kept-form"
      data-testid="kept-form"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    >
      <input
        className="field"
        aria-label={t('archive.note')}
        value={note}
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: it was asked for with the pencil of its row
        autoFocus
        data-testid="kept-note"
        onChange={event => setNote(event.target.value)}
      />
      <label className="kept-check">
        <input
          type="checkbox"
          checked={isProtected}
          data-testid="kept-protected"
          onChange={event => setProtected(event.target.checked)}
        />
        {t('archive.protect')}
      </label>
      <span className="kept-ends">
        <button type="submit" className="button" data-testid="kept-save">
          {t('archive.amendSave')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('archive.amendLeave')}
        </button>
      </span>
    </form>
  );
}
