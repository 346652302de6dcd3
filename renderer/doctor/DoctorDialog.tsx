import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type DoctorReport, type DoctorStep, streamKinds } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { plateOf } from '../fleet/rows.ts';
import { camerasOf, channelTitle } from '../fleet/vehicle-words.ts';
import { clockTime } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import type { DoctorSubject } from '../store/desk.ts';
import { cameraName } from '../wall/arrangement.ts';
import { reportText, standstill, waitedFor } from './doctor-words.ts';
import { firstPictureStep } from './first-picture.ts';
import { RefusalList } from './RefusalList.tsx';
import { useRefreshed } from './refreshed.ts';
import { StepList } from './StepList.tsx';
import './doctor.css';

const refreshMs = 1000;
/** Of the vehicle; those behind them are the camera's. */
const vehicleStepCount = 6;

/** Step by step from the port to the picture: what was done when, what shows it, and why it goes no further. */
export function DoctorDialog({ subject }: { subject: DoctorSubject }) {
  const { fleet, tiles, pool, desk } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { vehicleId, channel, stream } = subject;
  const isCamera = channel > 0;
  const answer = useRefreshed(
    isCamera ? 'doctor.camera' : 'doctor.vehicle',
    isCamera ? { vehicleId, channel, stream } : { vehicleId },
    refreshMs,
  );
  const vehicle = useStore(fleet, state => state.vehicles.get(vehicleId));
  const camera = { vehicleId, channel };
  const tile = useStore(tiles, state => state.tiles.get(cameraName(camera)));
  const plate = vehicle ? plateOf(vehicle) : vehicleId;
  const title = isCamera
    ? t('doctor.titleCamera', { plate, channel: channelTitle(vehicle, channel, t) })
    : t('doctor.titleVehicle', { plate });
  const report = answer?.ok ? withPicture(answer.value) : undefined;
  function withPicture(found: DoctorReport): DoctorReport {
    const steps = found.steps.map(each =>
      each.step === 'firstPicture' ? firstPictureStep(tile, pool.snapshot(camera), t) : each,
    );
    return { ...found, steps };
  }
  const standsAt = report && standstill(report.steps);
  const waited = report && standsAt && waitedFor(report.steps, standsAt, report.at);
  const vehicleSteps = report?.steps.slice(0, vehicleStepCount) ?? [];
  const copy = report && (
    <button
      type="button"
      className="button"
      data-testid="doctor-copy"
      onClick={() => void operations.copy(reportText(title, report, t))}
    >
      {t('doctor.copy')}
    </button>
  );
  return (
    <Sheet title={title} wide testId="dialog-doctor" actions={copy}>
      {!answer && <p className="soft">{t('settings.loading')}</p>}
      {answer && !answer.ok && <p className="warn">{t(`error.${answer.code}`)}</p>}
      {report && (
        <>
          <div className="doctor-head">
            <Verdict at={standsAt} />
            <span className="top-space" />
            {isCamera && (
              <span className="doctor-streams" role="tablist">
                {streamKinds.map(each => (
                  <button
                    key={each}
                    type="button"
                    role="tab"
                    className="page-tab"
                    aria-selected={each === stream}
                    onClick={() => desk.setState({ doctor: { ...subject, stream: each } })}
                  >
                    {t(`badge.${each}`)}
                  </button>
                ))}
              </span>
            )}
            <span className="soft figures">{t('doctor.asked', { time: clockTime(report.at) })}</span>
          </div>
          <h3>{t('doctor.vehicle')}</h3>
          <StepList steps={vehicleSteps} standstill={standsAt} waited={waited} vehicleId={vehicleId} />
          {isCamera && (
            <>
              <h3>{t('doctor.camera')}</h3>
              <StepList
                steps={report.steps.slice(vehicleStepCount)}
                standstill={standsAt}
                waited={waited}
                isLater={standsAt !== undefined && vehicleSteps.includes(standsAt)}
                vehicleId={vehicleId}
                watch={() => {
                  operations.add(camera);
                  operations.openPage('live');
                }}
              />
            </>
          )}
          <RefusalList refusals={report.refusals} />
          {!isCamera && vehicle && (
            <div className="doctor-cameras">
              <h3>{t('doctor.cameras')}</h3>
              {camerasOf(vehicle).map(each => (
                <button
                  key={each.channel}
                  type="button"
                  className="button button-small"
                  data-testid={`doctor-camera-${each.channel}`}
                  onClick={() => operations.doctor.openCamera(vehicleId, each.channel, 'sub')}
                >
                  {channelTitle(vehicle, each.channel, t)}
                </button>
              ))}
            </div>
          )}
        </>
      )}
    </Sheet>
  );
}

function Verdict({ at }: { at: DoctorStep | undefined }) {
  const { t } = useTranslation();
  const state = at?.state ?? 'done';
  const words = at
    ? t(state === 'failed' ? 'doctor.stopsAt' : 'doctor.waitsFor', { step: t(`doctor.step.${at.step}`) })
    : t('doctor.well');
  return (
    <p className="doctor-verdict" data-state={state} data-testid="doctor-verdict" role="status">
      {words}
    </p>
  );
}
