import { useTranslation } from 'react-i18next';
import { useOperations } from '../StationContext.tsx';
import type { RowShared } from './FleetTree.tsx';
import type { FleetRow } from './rows.ts';

type Props = RowShared & { row: Extract<FleetRow, { kind: 'group' }> };

export function GroupRow({ row, elementId, current, style, onSelect }: Props) {
  const operations = useOperations();
  const { t } = useTranslation();
  const name = row.pending ? t('fleet.pending') : row.name || t('fleet.ungrouped');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      id={elementId}
      className="row row-group"
      role="treeitem"
      aria-level={1}
      aria-expanded={!row.folded}
      aria-selected={current}
      data-current={current || undefined}
      data-folded={row.folded || undefined}
      data-testid={`fleet-group-${row.pending ? 'pending' : row.name}`}
      style={style}
      tabIndex={-1}
      onClick={() => {
        onSelect();
        operations.fold(row.name);
      }}
    >
      <span className="row-fold" aria-hidden="true" />
      <span className="row-name">{name}</span>
      <span className="row-right" title={row.pending ? undefined : t('fleet.countsTitle', row)}>
        {row.pending ? row.total : t('fleet.counts', row)}
      </span>
    </div>
  );
}
