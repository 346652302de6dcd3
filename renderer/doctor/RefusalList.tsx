import { useTranslation } from 'react-i18next';
import type { DoctorRefusal } from '../../electron/contract.ts';
import { clockTime } from '../i18n/age.ts';
import { Proof } from './StepList.tsx';

/** Media of this vehicle, or from its address, that was not taken in. */
export function RefusalList({ refusals }: { refusals: readonly DoctorRefusal[] }) {
  const { t } = useTranslation();
  if (refusals.length === 0) return null;
  return (
    <section className="doctor-refusals" data-testid="doctor-refusals">
      <h3>{t('doctor.refusals')}</h3>
      <ul>
        {refusals.map(row => {
          const { remote, transport, sim, channel, payloadType, packets, lastAt, why, hex } = row;
          const text = `${transport.toUpperCase()} ${remote} · SIM ${sim} · CH ${channel} · PT ${payloadType}`;
          return (
            <li key={`${remote} ${sim} ${channel} ${why}`}>
              <Proof text={text} hex={hex} />
              <span className="soft">
                {t(`doctor.refusal.${why}`)} · {t('doctor.packets', { count: packets, time: clockTime(lastAt) })}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
