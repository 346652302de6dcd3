import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Sheet } from '../dialog/Sheet.tsx';
import { clockTime } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';

/** A note for what is marked, which retention then leaves alone. */
export function KeepSheet() {
  const { archive, archiveDesk } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const marks = useStore(archive, state => state.marks);
  const count = useStore(archive, state => state.cameras.length);
  const [note, setNote] = useState('');
  const at = archiveDesk.playback.clock.at();
  const from = marks?.from ?? at - 15_000;
  const to = marks?.to ?? at + 15_000;
  return (
    <Sheet title={t('archive.keepTitle')} testId="dialog-keep">
      <form
        className="archive-form"
        onSubmit={event => {
          event.preventDefault();
          void operations.archive.keep(note);
        }}
      >
        <p>{t('archive.keepText', { from: clockTime(from), to: clockTime(to), count })}</p>
        <label>
          {t('archive.note')}
          <input
            className="field"
            value={note}
            maxLength={200}
            // biome-ignore lint/a11y/noAutofocus: the sheet was asked for to write a note
            autoFocus
            data-testid="keep-note"
            onChange={event => setNote(event.target.value)}
          />
        </label>
        <button type="submit" className="button" data-testid="keep-save">
          {t('archive.keep')}
        </button>
      </form>
    </Sheet>
  );
}
