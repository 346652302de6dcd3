import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { countFleet } from '../store/fleet.ts';
import { scopes } from '../store/selection.ts';

export function ScopeChips() {
  const { fleet, selection } = useStation();
  const { t } = useTranslation();
  const shape = useStore(fleet, state => state.shape);
  const chosen = useStore(selection, state => state.scope);
  const counts = useMemo(() => {
    const { online, offline, alarm, pending } = countFleet(shape >= 0 ? fleet.getState().vehicles.values() : []);
    return { online, offline, alarm, new: pending };
  }, [fleet, shape]);
  return (
    <fieldset className="scopes" aria-label={t('fleet.scopes')}>
      {scopes.map(scope => (
        <button
          key={scope}
          type="button"
          className="scope"
          data-scope={scope}
          data-any={counts[scope] > 0 || undefined}
          data-testid={`scope-${scope}`}
          aria-pressed={chosen === scope}
          onClick={() => selection.setState({ scope: chosen === scope ? null : scope, row: null })}
        >
          {t(`fleet.${scope}`)}
          <b>{counts[scope]}</b>
        </button>
      ))}
    </fieldset>
  );
}
