import { useTranslation } from 'react-i18next';
import type { DoctorCause, DoctorStep } from '../../electron/contract.ts';
import { useOperations } from '../StationContext.tsx';
import { isNamed } from '../settings/setting-groups.ts';
import { causeWords, distances, duration, sincePrevious, stepTime } from './doctor-words.ts';

interface StepListProps {
  steps: readonly DoctorStep[];
  /** Where everything stands: what comes after it is not waited for yet. */
  standstill: DoctorStep | undefined;
  /** Steps of another list come before these, and it stands there. */
  isLater?: boolean;
  /** How long the step at which it stands was waited for, ms, where it has no time. */
  waited?: number | undefined;
  vehicleId: string;
  /** Puts the camera on the wall; absent where there is none. */
  watch?: (() => void) | undefined;
}

const isUnwatched = ({ cause }: DoctorCause) => cause === 'nobodyWatches' || cause === 'consoleNotShowing';

/** Steps beneath each other, each with its time, what shows it, and what to do when it does not come. */
export function StepList({ steps, standstill, isLater = false, waited, vehicleId, watch }: StepListProps) {
  const { t } = useTranslation();
  const since = distances(steps);
  const standsAt = isLater ? -1 : standstill ? steps.indexOf(standstill) : -1;
  const offersAt = steps.findIndex(({ causes }) => causes.some(isUnwatched));
  const isAfter = (index: number): boolean => isLater || (standsAt >= 0 && index > standsAt);
  return (
    <ol className="doctor-steps">
      {steps.map((each, index) => {
        const { step, state, at, proof, causes } = each;
        const distance = since[index];
        const isIdle = state === 'waiting' && causes.length === 0 && isAfter(index);
        return (
          <li key={step} data-step={step} data-state={isIdle ? 'later' : state} data-testid={`doctor-${step}`}>
            <i aria-hidden="true" />
            <span className="doctor-step">
              {t(`doctor.step.${step}`)}
              {!isIdle && <span className="doctor-state">{t(`doctor.state.${state}`)}</span>}
            </span>
            <span className="doctor-time figures">
              {at > 0 && stepTime(at)}
              {distance !== undefined && <small>{sincePrevious(distance)}</small>}
              {state === 'failed' && index === standsAt && waited !== undefined && (
                <small>{t('doctor.notWithin', { time: duration(waited) })}</small>
              )}
            </span>
            <div className="doctor-proof">
              {proof && <Proof text={proof.text} hex={proof.hex} />}
              {causes.length > 0 && (
                <ul className="doctor-causes">
                  {causes.map(cause => (
                    <li key={causeWords(cause, t)} data-cause={cause.cause}>
                      {causeWords(cause, t)}{' '}
                      <Remedy cause={cause} vehicleId={vehicleId} watch={index === offersAt ? watch : undefined} />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export function Proof({ text, hex }: { text: string; hex?: string | undefined }) {
  const { t } = useTranslation();
  if (!hex) return <span className="figures">{text}</span>;
  return (
    <details>
      <summary title={t('doctor.bytes')}>
        <span className="figures">{text}</span>
      </summary>
      <code>{hex}</code>
    </details>
  );
}

/** What the operator can do about it here. */
function Remedy({ cause, vehicleId, watch }: { cause: DoctorCause } & Pick<StepListProps, 'vehicleId' | 'watch'>) {
  const operations = useOperations();
  const { t } = useTranslation();
  const { setting } = cause;
  return (
    <span className="doctor-remedies">
      {cause.cause === 'pending' && (
        <button type="button" className="button button-small" onClick={() => void operations.admit(vehicleId)}>
          {t('doctor.admit')}
        </button>
      )}
      {(cause.cause === 'udpBlocked' || cause.cause === 'tcpOnly' || cause.cause === 'packetLoss') && (
        <button
          type="button"
          className="button button-small"
          onClick={() => operations.doctor.openProperties(vehicleId)}
        >
          {t('doctor.properties')}
        </button>
      )}
      {isUnwatched(cause) && watch && (
        <button type="button" className="button button-small" onClick={watch}>
          {t('doctor.watch')}
        </button>
      )}
      {setting && (
        <button
          type="button"
          className="button button-small"
          data-testid={`doctor-setting-${setting}`}
          onClick={() => operations.doctor.openSetting(setting)}
        >
          {t('doctor.setting', { name: isNamed(setting) ? t(`setting.${setting}.name`) : setting })}
        </button>
      )}
    </span>
  );
}
