import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { clockTime } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from './arrangement.ts';

/** A tile's recording over its live picture, which goes on beneath: paused, rewound, played. */
export function ReviewLayer({ camera, cell }: { camera: Camera; cell: number }) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const name = cameraName(camera);
  const review = useStore(station.reviewing, state => state.reviews.get(name));
  const host = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLDivElement>(null);
  const frozen = review?.frozen;
  const open = review !== undefined;
  const { vehicleId, channel } = camera;
  useLayoutEffect(() => {
    const element = open ? station.reviews.element({ vehicleId, channel }) : undefined;
    if (element) host.current?.replaceChildren(element);
  }, [station, open, vehicleId, channel]);
  useLayoutEffect(() => {
    still.current?.replaceChildren(...(frozen ? [frozen] : []));
  }, [frozen]);
  if (!review) return null;
  const { recording } = operations;
  return (
    <div className="review" data-testid="review" data-kind={review.pane.kind}>
      <div ref={host} className="archive-picture" />
      <div ref={still} className="review-still" data-testid={frozen ? 'review-frozen' : undefined} />
      {review.pane.kind !== 'picture' && !(frozen && review.pane.kind === 'loading') && (
        <p className="panel panel-title">
          {review.pane.kind === 'nothing' ? t('archive.noFootage') : t(`paneChip.${review.pane.kind}`)}
        </p>
      )}
      <div
        className="review-bar"
        role="toolbar"
        aria-label={t('review.title')}
        onPointerDown={event => event.stopPropagation()}
        onDoubleClick={event => event.stopPropagation()}
      >
        <button type="button" title={`${t('command.reviewBack')} (←)`} onClick={() => recording.rewind(-1, cell)}>
          « {t('age.seconds', { s: 5 })}
        </button>
        <button
          type="button"
          data-testid="review-play"
          aria-label={t(review.playing ? 'archive.pause' : 'archive.play')}
          onClick={() => void recording.pause(cell)}
        >
          {review.playing ? '❚❚' : '▶'}
        </button>
        <button type="button" title={`${t('command.reviewOn')} (→)`} onClick={() => recording.rewind(1, cell)}>
          {t('age.seconds', { s: 5 })} »
        </button>
        <Ticking
          className="review-behind"
          testId="review-behind"
          text={() => behindText(station.reviews.behind(camera))}
        />
        <Ticking className="review-time" text={() => clockTime(station.reviews.at(camera))} />
        <button
          type="button"
          className="review-live"
          data-testid="review-live"
          title={t('command.reviewLive')}
          onClick={() => recording.live(cell)}
        >
          {t('review.live')}
        </button>
      </div>
    </div>
  );
}

/** `− 00:42`: how far behind the live picture. */
export function behindText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `− ${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}
