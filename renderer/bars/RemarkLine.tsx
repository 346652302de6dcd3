import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { canShowSaved } from '../bridge.ts';
import type { en } from '../i18n/en/words.ts';
import { useOperations, useStation } from '../StationContext.tsx';

/** A word about what was just done. Polite: it waits for a screen reader to finish, and takes no focus. */
export function RemarkLine() {
  const { desk } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const remark = useStore(desk, state => state.remark);
  return (
    <output className="remark-place" aria-live="polite">
      {remark && (
        <span className="remark" data-level={remark.level} data-testid="remark">
          {t(`remark.${remark.text}` as `remark.${keyof typeof en.remark}`, remark.params)}
          {remark.action === 'showSaved' && canShowSaved() && (
            <button
              type="button"
              className="link-button remark-action"
              title={`${t('command.showSaved')} (⇧ F)`}
              data-testid="show-saved"
              onClick={() => operations.stills.showSaved()}
            >
              {t('remarkAction.showSaved')} <kbd>⇧F</kbd>
            </button>
          )}
        </span>
      )}
    </output>
  );
}
