import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParameterValue } from '../../electron/contract.ts';
import { ParameterField } from './ParameterField.tsx';
import { type Field, fieldsOf, type VideoParameterId, valueAt, withValue } from './parameter-fields.ts';
import { type RowList, rowListsOf, withoutRow, withRow } from './parameter-rows.ts';

interface RowsProps {
  id: VideoParameterId;
  value: ParameterValue;
  change(value: ParameterValue): void;
}

/** A parameter that is a table: its rows, and the ways to add one and to take one out. */
export function ParameterRows({ id, value, change }: RowsProps) {
  return rowListsOf(id, value).map(list => <ParameterRowList key={list.name} {...{ id, value, change, list }} />);
}

function ParameterRowList({ id, value, change, list }: RowsProps & { list: RowList }) {
  const { t } = useTranslation();
  const rows = Array.from({ length: list.count }, (_, at) => fieldsWithin(id, value, list, at));
  const add = (): void => {
    if (list.hasRoom) change(withRow(id, value, list));
  };
  const remove = (at: number): void => change(withoutRow(value, list, at));
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Insert' && !event.ctrlKey) add();
    else if (event.key === 'Delete' && event.ctrlKey) {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
      if (!row) return;
      remove(Number(row.dataset.row));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the buttons within
    <div className="parameter-rows" data-testid={`rows-${list.name}`} onKeyDown={press}>
      <p className="parameter-rows-head">
        <span>
          {t(`parameter.${list.name}`)} <span className="soft figures">{list.count}</span>
        </span>
        <button
          type="button"
          className="button button-small"
          disabled={!list.hasRoom}
          title={list.hasRoom ? undefined : t('parameters.noRoom')}
          data-testid="row-add"
          onClick={add}
        >
          {t('parameters.addRow')} <kbd>{t('parameters.insertKey')}</kbd>
        </button>
      </p>
      {rows.map((fields, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div key={at} className="parameter-row" data-row={at} data-testid={`row-${at}`}>
          <div className="parameter-fields">
            {fields.map(field => (
              <ParameterField
                key={field.path.join('-')}
                field={field}
                value={valueAt(value, field.path)}
                change={to => change(withValue(value, field.path, to))}
              />
            ))}
          </div>
          <button
            type="button"
            className="button button-small"
            aria-label={t('parameters.removeRowOf', { number: at + 1 })}
            data-testid="row-remove"
            onClick={() => remove(at)}
          >
            {t('parameters.removeRow')} <kbd>Ctrl</kbd> <kbd>Del</kbd>
          </button>
        </div>
      ))}
    </div>
  );
}

function fieldsWithin(id: VideoParameterId, value: ParameterValue, { path }: RowList, at: number): Field[] {
  const row = [...path, at];
  return fieldsOf(id, value).filter(field => row.every((step, depth) => field.path[depth] === step));
}
