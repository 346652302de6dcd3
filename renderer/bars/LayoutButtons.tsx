import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { columnsOf, hiddenCount, type Layout, layouts } from '../wall/arrangement.ts';

export function LayoutButtons() {
  const { wall } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const layout = useStore(wall, state => state.layout);
  const hidden = useStore(wall, hiddenCount);
  const larger = layouts.find(each => each > layout) ?? layout;
  return (
    <fieldset className="layouts" aria-label={t('bar.layouts')}>
      {layouts.map(each => (
        <button
          key={each}
          type="button"
          className="layout-button"
          aria-pressed={each === layout}
          aria-label={t('bar.layout', { count: each, side: columnsOf(each) })}
          title={`${t('bar.layout', { count: each, side: columnsOf(each) })} (${columnsOf(each)})`}
          data-testid={`layout-${each}`}
          onClick={() => operations.setLayout(each)}
        >
          <LayoutIcon layout={each} />
          {each}
        </button>
      ))}
      {hidden > 0 && (
        <button
          type="button"
          className="text-button hidden-count"
          title={t('bar.hiddenTitle', { count: hidden })}
          data-testid="hidden-count"
          onClick={() => operations.setLayout(larger)}
        >
          {t('bar.hidden', { count: hidden })}
        </button>
      )}
    </fieldset>
  );
}

function LayoutIcon({ layout }: { layout: Layout }) {
  const side = columnsOf(layout);
  const step = 14 / side;
  const cells = Array.from({ length: layout }, (_, i) => ({ x: (i % side) * step, y: Math.floor(i / side) * step }));
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" className="layout-icon">
      {cells.map(({ x, y }) => (
        <rect key={`${x}-${y}`} x={x + 0.5} y={y + 0.5} width={step - 1} height={step - 1} />
      ))}
    </svg>
  );
}
