import { useTranslation } from 'react-i18next';
import { type UsageMonth, usageKinds } from '../../electron/contract.ts';
import { dataSize } from './data-size.ts';

/** A bar for each day of the month, in it its kinds. */
export function DayBars({ month, days, of }: { month: string; days: UsageMonth['days']; of: string }) {
  const { t } = useTranslation();
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(year, number, 0).getDate();
  const most = Math.max(1, ...days.map(({ total }) => total));
  const byDay = new Map(days.map(each => [each.day, each]));
  return (
    <section className="usage-days" data-testid="usage-days">
      <h3>
        {t('usage.byDay')} · {of} · {dataSize(days.reduce((sum, { total }) => sum + total, 0))}
      </h3>
      <div className="usage-bars">
        {Array.from({ length: count }, (_, index) => index + 1).map(day => {
          const found = byDay.get(day);
          const words = found
            ? usageKinds
                .filter(kind => found.bytes[kind] > 0)
                .map(kind => `${t(`usage.kind.${kind}`)} ${dataSize(found.bytes[kind])}`)
                .join('\n')
            : '';
          return (
            <div key={day} className="usage-day" title={words && `${month}-${String(day).padStart(2, '0')}\n${words}`}>
              <div className="usage-bar" style={{ height: `${((found?.total ?? 0) / most) * 100}%` }}>
                {found &&
                  usageKinds.map(
                    kind =>
                      found.bytes[kind] > 0 && (
                        <i key={kind} data-kind={kind} style={{ flexGrow: found.bytes[kind] }} />
                      ),
                  )}
              </div>
              <small>{day}</small>
            </div>
          );
        })}
      </div>
      <p className="usage-legend">
        {usageKinds.map(kind => (
          <span key={kind}>
            <i data-kind={kind} /> {t(`usage.kind.${kind}`)}
          </span>
        ))}
      </p>
    </section>
  );
}
