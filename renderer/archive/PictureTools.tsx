import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { Tool } from './Tool.tsx';

/** How much a pane's picture is enlarged, and the ways to enlarge it; there while it is, and for the pane that is selected. */
export function PictureTools({ name, pane }: { name: string; pane: number }) {
  const { archive: store } = useStation();
  const { archive } = useOperations();
  const { t } = useTranslation();
  const scale = useStore(store, state => state.scales.get(name) ?? 1);
  const whole = useStore(store, state => state.enlarged);
  return (
    <fieldset className="picture-tools" aria-label={t('archive.picture')} data-zoomed={scale > 1 || undefined}>
      <Tool id="pictureOut" hint="⇧ Z" run={() => archive.zoomPicture(0.8, pane)} glyph="−" />
      <button
        type="button"
        className="transport-button picture-scale"
        title={`${t('command.pictureWhole')} (0)`}
        data-testid="picture-scale"
        onClick={event => {
          event.stopPropagation();
          archive.wholePicture(pane);
        }}
        onDoubleClick={event => event.stopPropagation()}
      >
        {scale.toFixed(1)}×
      </button>
      <Tool id="pictureIn" hint="Z" run={() => archive.zoomPicture(1.25, pane)} glyph="+" />
      <Tool id="enlarge" hint="⏎" run={() => archive.toggleEnlarged(pane)} glyph={whole ? '⤡' : '⤢'} />
    </fieldset>
  );
}
