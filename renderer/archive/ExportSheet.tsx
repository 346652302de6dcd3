import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ExportJob } from '../../electron/contract.ts';
import { canShowSaved, showSaved } from '../bridge.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { ageWords, dateTimeWords, lengthWords } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { bareKey, cameraKeyName } from '../store/archive.ts';
import type { Language } from '../store/preferences.ts';
import { byteSize } from '../wall/figures.ts';

/** The marked range of the chosen cameras as files, and how far that is. */
export function ExportSheet() {
  const station = useStation();
  const operations = useOperations();
  const { t, i18n } = useTranslation();
  const { marks, cameras } = useStore(station.archive);
  const jobs = useStore(station.recordings, state => state.exports);
  const vehicles = useStore(station.fleet, state => state.vehicles);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const wanted = cameras.filter(camera => !left.has(cameraKeyName(camera)));
  const language = i18n.language as Language;
  const start = async (): Promise<void> => {
    if (!marks) return;
    const answer = await station.link.call('export.start', {
      from: Math.round(marks.from),
      to: Math.round(marks.to),
      cameras: wanted.map(bareKey),
    });
    if (!answer.ok) return operations.failed(answer);
    station.recordings.setState(state => ({ exports: new Map(state.exports).set(answer.value.id, answer.value) }));
    operations.remark('exportStarted');
  };
  return (
    <Sheet title={t('export.title')} testId="dialog-export">
      {marks && (
        <p>
          {t('export.range', {
            from: dateTimeWords(marks.from, language),
            to: dateTimeWords(marks.to, language),
            length: lengthWords(marks.to - marks.from),
          })}
        </p>
      )}
      <fieldset className="export-cameras">
        {cameras.map(camera => {
          const name = cameraKeyName(camera);
          const vehicle = vehicles.get(camera.vehicleId);
          return (
            <label key={name}>
              <input
                type="checkbox"
                checked={!left.has(name)}
                onChange={event => {
                  const next = new Set(left);
                  if (event.target.checked) next.delete(name);
                  else next.add(name);
                  setLeft(next);
                }}
              />
              {vehicle?.plate || camera.vehicleId} · {channelTitle(vehicle, camera.channel, t)}
            </label>
          );
        })}
      </fieldset>
      <p className="soft">{t('export.what')}</p>
      <button
        type="button"
        className="button export-start"
        disabled={wanted.length === 0 || !marks}
        data-testid="export-start"
        onClick={() => void start()}
      >
        {t('export.start', { count: wanted.length })}
      </button>
      <ul className="export-jobs" data-testid="export-jobs">
        {[...jobs.values()].reverse().map(job => (
          <ExportLine key={job.id} job={job} />
        ))}
      </ul>
    </Sheet>
  );
}

function ExportLine({ job }: { job: ExportJob }) {
  const station = useStation();
  const operations = useOperations();
  const { t, i18n } = useTranslation();
  const running = job.state === 'waiting' || job.state === 'running';
  const cancel = async (): Promise<void> => {
    const answer = await station.link.call('export.cancel', { id: job.id });
    if (!answer.ok) operations.failed(answer);
  };
  return (
    <li className="export-job" data-state={job.state} data-testid={`export-${job.id}`}>
      <div className="export-line">
        <b>{t(`exportState.${job.state}`)}</b>
        <span>{dateTimeWords(job.from, i18n.language as Language)}</span>
        {job.secondsLeft !== null && running && (
          <span>{t('export.left', { time: ageWords(job.secondsLeft * 1000, t) })}</span>
        )}
        <span className="top-space" />
        {running && (
          <button type="button" className="button" data-testid="export-cancel" onClick={() => void cancel()}>
            {t('export.cancel')}
          </button>
        )}
      </div>
      {running && <progress value={job.progress} max={1} />}
      {job.error && <p className="warn">{t(`error.${job.error.code}`)}</p>}
      {job.state === 'done' && (
        <>
          <p className="export-line">
            <span className="figures export-folder">{job.folder}</span>
            <span className="top-space" />
            {canShowSaved() && job.files[0] && <ShowButton url={job.files[0].url} />}
          </p>
          <ul className="export-files figures">
            {job.files.map(file => (
              <li key={file.name}>
                {canShowSaved() ? (
                  file.name
                ) : (
                  <a
                    href={file.url + location.search}
                    download={file.name}
                    title={t('export.save', { name: file.name })}
                    data-testid="export-save"
                  >
                    {file.name}
                  </a>
                )}{' '}
                <span className="soft">{byteSize(file.bytes)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}

/** In the window: the files are on this machine already. */
function ShowButton({ url }: { url: string }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="button" data-testid="export-show" onClick={() => showSaved(url)}>
      {t('export.show')}
    </button>
  );
}
