import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { clockTime } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { fullFramesUpTo, type Rate, rates } from './player/master-clock.ts';

/** What moves the clock, and what is done with what it shows. */
export function TransportBar() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const playing = useStore(station.archive, state => state.playing);
  const rate = useStore(station.archive, state => state.rate);
  const marks = useStore(station.archive, state => state.marks);
  const count = useStore(station.archive, state => state.cameras.length);
  const { archive } = operations;
  return (
    <div className="transport" role="toolbar" aria-label={t('archive.transport')}>
      <Tool id="gapBack" word={`« ${t('archive.gapWord')}`} hint="⇧ G" run={() => archive.jumpGap(-1)} />
      <Tool id="gapOn" word={`${t('archive.gapWord')} »`} hint="G" run={() => archive.jumpGap(1)} />
      <Tool id="secondsBack" word="−10" hint="⇧ ←" run={() => archive.move(-10_000)} />
      <Tool id="frameBack" word={`◂ ${t('archive.frameWord')}`} hint="←" run={() => archive.step(-1)} />
      <button
        type="button"
        className="transport-button transport-play"
        aria-pressed={playing}
        aria-label={t(playing ? 'archive.pause' : 'archive.play')}
        data-testid="play"
        onClick={() => archive.togglePlaying()}
      >
        {playing ? '❚❚' : '▶'} <kbd>{t('archive.space')}</kbd>
      </button>
      <Tool id="frameOn" word={`${t('archive.frameWord')} ▸`} hint="→" run={() => archive.step(1)} />
      <Tool id="secondsOn" word="+10" hint="⇧ →" run={() => archive.move(10_000)} />
      <Tool id="eventBack" word={`« ${t('archive.eventWord')}`} hint="⇧ E" run={() => archive.jumpEvent(-1)} />
      <Tool id="eventOn" word={`${t('archive.eventWord')} »`} hint="E" run={() => archive.jumpEvent(1)} />
      <ClockText />
      {rates.map(each => (
        <button
          key={each}
          type="button"
          className="transport-button"
          aria-pressed={each === rate}
          data-testid={`rate-${each}`}
          title={each > fullFramesUpTo ? t('archive.keyFramesOnly') : undefined}
          onClick={() => archive.setRate(each as Rate)}
        >
          {each}×
        </button>
      ))}
      <span className="top-space" />
      <Tool id="timeOut" word="−" hint="-" run={() => archive.zoom(2)} />
      <Tool id="timeIn" word="+" hint="+" run={() => archive.zoom(0.5)} />
      <Tool id="enlarge" word="⤢" hint="⏎" run={() => archive.toggleEnlarged()} />
      <Tool id="markFrom" word={`${t('archive.markFromWord')} |`} hint="I" run={() => archive.mark('from')} />
      <Tool id="markTo" word={`| ${t('archive.markToWord')}`} hint="O" run={() => archive.mark('to')} />
      {marks && <Tool id="unmark" word="×" hint="Esc" run={() => station.archive.setState({ marks: null })} />}
      <Tool id="keep" word={t('archive.keep')} hint="B" run={() => archive.askKeep()} />
      <Tool id="still" word={t('tool.snapshot')} hint="S" run={() => void archive.saveStills(false)} />
      {count > 1 && <Tool id="stills" word={`× ${count}`} hint="⇧ S" run={() => void archive.saveStills(true)} />}
      <button
        type="button"
        className="transport-button transport-export"
        disabled={count === 0}
        title={`${t('command.export')} (X)`}
        data-testid="export"
        onClick={() => archive.askExport()}
      >
        {marks
          ? t('archive.exportRange', { from: clockTime(marks.from), to: clockTime(marks.to), count })
          : t('archive.export')}
      </button>
    </div>
  );
}

type ToolId =
  | 'gapBack'
  | 'gapOn'
  | 'secondsBack'
  | 'secondsOn'
  | 'frameBack'
  | 'frameOn'
  | 'eventBack'
  | 'eventOn'
  | 'timeIn'
  | 'timeOut'
  | 'enlarge'
  | 'markFrom'
  | 'markTo'
  | 'unmark'
  | 'keep'
  | 'still'
  | 'stills';

function Tool({ id, word, hint, run }: { id: ToolId; word: string; hint: string; run(): void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="transport-button"
      title={`${t(`command.${id}`)} (${hint})`}
      aria-label={t(`command.${id}`)}
      data-testid={`transport-${id}`}
      onClick={run}
    >
      {word}
    </button>
  );
}

/** The clock's moment to the millisecond, written with every picture without React. */
function ClockText() {
  const { archiveDesk } = useStation();
  const { i18n } = useTranslation();
  const element = useRef<HTMLOutputElement>(null);
  const { language } = i18n;
  useLayoutEffect(() => {
    const date = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { day: 'numeric', month: 'short' });
    return archiveDesk.paint(at => {
      const text = `${date.format(at)} ${clockTime(at)}.${String(Math.floor(at % 1000)).padStart(3, '0')}`;
      if (element.current && element.current.textContent !== text) element.current.textContent = text;
    });
  }, [archiveDesk, language]);
  return <output ref={element} className="transport-clock" data-testid="archive-clock" />;
}
