import { useTranslation } from 'react-i18next';
import type { ParameterValue } from '../../electron/contract.ts';
import { type Field, isFine } from './parameter-fields.ts';

/** One value with its name, its unit and its range. */
export function ParameterField(props: { field: Field; value: ParameterValue; change(value: ParameterValue): void }) {
  const { field, value } = props;
  const { t } = useTranslation();
  const bad = !isFine(field, value);
  const title = field.kind === 'number' ? t('parameters.range', { min: field.min, max: field.max }) : undefined;
  return (
    <div className="parameter" data-bad={bad || undefined} data-testid={`parameter-${field.path.join('-')}`}>
      <span>{t(`parameter.${field.name}`)}</span>
      <span className="parameter-value" title={title}>
        <ParameterInput {...props} />
        {field.kind === 'number' && (
          <span className="soft">
            {field.unit && t(`parameterUnit.${field.unit}`)} {field.max < 0xffff && `${field.min}–${field.max}`}
          </span>
        )}
      </span>
    </div>
  );
}

function ParameterInput({
  field,
  value,
  change,
}: {
  field: Field;
  value: ParameterValue;
  change(value: ParameterValue): void;
}) {
  const { t } = useTranslation();
  const number = typeof value === 'number' ? value : 0;
  const name = t(`parameter.${field.name}`);
  if (field.kind === 'choice')
    return (
      <select className="field" aria-label={name} value={number} onChange={event => change(Number(event.target.value))}>
        {field.choices.map((choice, at) => (
          <option key={choice} value={at}>
            {t(`parameterChoice.${choice}`)}
          </option>
        ))}
        {number >= field.choices.length && <option value={number}>{t('parameters.own', { number })}</option>}
      </select>
    );
  if (field.kind === 'bits')
    return (
      <span className="parameter-bits">
        {field.bits.map((bit, at) => (
          <label key={bit}>
            <input
              type="checkbox"
              checked={((number >>> at) & 1) === 1}
              onChange={event =>
                change(event.target.checked ? (number | (1 << at)) >>> 0 : (number & ~(1 << at)) >>> 0)
              }
            />
            {t(`parameterChoice.${bit}`)}
          </label>
        ))}
      </span>
    );
  if (field.kind === 'time')
    return (
      <input
        className="field"
        aria-label={name}
        type="time"
        value={`${String(value).slice(0, 2)}:${String(value).slice(2)}`}
        onChange={event => change(event.target.value.replace(':', ''))}
      />
    );
  return (
    <input
      className="field"
      aria-label={name}
      inputMode="numeric"
      value={String(value ?? '')}
      onChange={event => change(/^\d+$/.test(event.target.value) ? Number(event.target.value) : event.target.value)}
    />
  );
}
