import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ageWords } from '../i18n/age.ts';
import { Ticking, useStation } from '../StationContext.tsx';

/** Recording that stops must shout: what is wrong, since when, where. */
export function RecorderBanner() {
  const { recordings } = useStation();
  const { t } = useTranslation();
  const recorder = useStore(recordings, state => state.recorder);
  if (recorder?.phase !== 'failing') return null;
  const { error, folder } = recorder;
  const since = error?.since ?? Date.now();
  return (
    <p className="banner banner-bad" role="alert" data-testid="recorder-banner">
      <Ticking
        text={() =>
          t('recorder.failing', {
            reason: t(`error.${error?.code ?? 'diskUnwritable'}`),
            age: ageWords(Date.now() - since, t),
            folder,
          })
        }
      />
    </p>
  );
}
