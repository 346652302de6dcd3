import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ErrorCode, ParameterValue, TerminalParameter } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { plateOf } from '../fleet/rows.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { ParameterField } from './ParameterField.tsx';
import { ParameterRows } from './ParameterRows.tsx';
import {
  fieldsOf,
  isFine,
  parameterGroups,
  parameterId,
  type VideoParameterId,
  valueAt,
  videoParameterIds,
  withValue,
} from './parameter-fields.ts';
import './orders.css';

type Values = ReadonlyMap<VideoParameterId, ParameterValue>;
type Read = { state: 'asking' } | { state: 'failed'; code: ErrorCode } | { state: 'known'; values: Values };

/** Picture parameters 0x0075 to 0x007C of one vehicle: read from it, changed, written to it and read again. */
export function ParameterSheet({ vehicleId }: { vehicleId: string }) {
  const { fleet, link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(vehicleId));
  const plate = vehicle ? plateOf(vehicle) : vehicleId;
  const [read, setRead] = useState<Read>({ state: 'asking' });
  const [edited, setEdited] = useState<Values>(new Map());
  const [writing, setWriting] = useState(false);
  const ask = useCallback(async (): Promise<Values | undefined> => {
    setRead({ state: 'asking' });
    const answer = await link.call('parameters.read', { vehicleId, ids: [...videoParameterIds] });
    if (!answer.ok) {
      setRead({ state: 'failed', code: answer.code });
      return undefined;
    }
    const values = known(answer.value);
    setRead({ state: 'known', values });
    setEdited(values);
    return values;
  }, [link, vehicleId]);
  useEffect(() => void ask(), [ask]);
  const values = read.state === 'known' ? read.values : undefined;
  const changed = [...edited].filter(([id, value]) => JSON.stringify(value) !== JSON.stringify(values?.get(id)));
  const fine = changed.every(([id, value]) =>
    fieldsOf(id, value).every(field => isFine(field, valueAt(value, field.path))),
  );
  const write = async (): Promise<void> => {
    setWriting(true);
    const parameters = changed.map(([id, value]) => ({ id, value }));
    const answer = await link.call('parameters.write', { vehicleId, parameters });
    const after = answer.ok ? await ask() : undefined;
    setWriting(false);
    if (!answer.ok) operations.failed(answer);
    else if (after && changed.every(([id, value]) => JSON.stringify(after.get(id)) === JSON.stringify(value)))
      operations.remark('parametersKept', { plate });
    else operations.remark('parametersNotKept', { plate }, 'warning');
  };
  const footer = (
    <>
      <button type="button" className="button button-small" disabled={writing} onClick={() => void ask()}>
        {t('parameters.again')}
      </button>
      <button
        type="button"
        className="button button-small button-main"
        disabled={writing || changed.length === 0 || !fine}
        data-testid="parameters-write"
        onClick={() => void write()}
      >
        {t(writing ? 'parameters.writing' : 'parameters.write', { count: changed.length })}
      </button>
    </>
  );
  return (
    <Sheet title={t('parameters.title', { plate })} wide testId="dialog-parameters" actions={footer}>
      {read.state === 'asking' && <p role="status">{t('parameters.asking', { plate })}</p>}
      {read.state === 'failed' && (
        <p role="status" className="warn" data-testid="parameters-failed">
          {t('parameters.failed', { reason: t(`error.${read.code}`) })}
        </p>
      )}
      {values && values.size === 0 && <p role="status">{t('parameters.none', { plate })}</p>}
      {values &&
        [...edited].map(([id, value]) => (
          <section key={id} className="parameter-group" data-testid={`parameter-group-${id.toString(16)}`}>
            <h3>
              {t(`parameterGroup.${parameterGroups[id]}`)} <span className="soft">{parameterId(id)}</span>
            </h3>
            {id === 0x76 || id === 0x77 ? (
              <ParameterRows id={id} value={value} change={to => setEdited(new Map(edited).set(id, to))} />
            ) : (
              <div className="parameter-fields">
                {fieldsOf(id, value).map(field => (
                  <ParameterField
                    key={field.path.join('-')}
                    field={field}
                    value={valueAt(value, field.path)}
                    change={to => setEdited(new Map(edited).set(id, withValue(value, field.path, to)))}
                  />
                ))}
              </div>
            )}
          </section>
        ))}
    </Sheet>
  );
}

function known(parameters: readonly TerminalParameter[]): Values {
  const values = new Map<VideoParameterId, ParameterValue>();
  for (const id of videoParameterIds) {
    const parameter = parameters.find(one => one.id === id);
    if (parameter && 'value' in parameter) values.set(id, parameter.value);
  }
  return values;
}
