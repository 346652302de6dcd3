import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { clockTime, lengthWords } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { CameraIcon } from './CameraIcon.tsx';
import { fullFramesUpTo, type Rate, rates } from './player/master-clock.ts';
import { Tool } from './Tool.tsx';

/** What moves the clock, and what is done with what it shows: one line, which leaves out words before it wraps. */
export function TransportBar() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const playing = useStore(station.archive, state => state.playing);
  const marks = useStore(station.archive, state => state.marks);
  const count = useStore(station.archive, state => state.cameras.length);
  const { archive } = operations;
  return (
    <div className="transport" role="toolbar" aria-label={t('archive.transport')} data-testid="transport">
      <Group label={t('archive.gapWord')}>
        <Tool id="gapBack" hint="⇧ G" run={() => archive.jumpGap(-1)} glyph="«" />
        <span className="transport-label">{t('archive.gapWord')}</span>
        <Tool id="gapOn" hint="G" run={() => archive.jumpGap(1)} glyph="»" />
      </Group>
      <Group label={t('archive.transport')}>
        <Tool id="secondsBack" hint="⇧ ←" run={() => archive.move(-10_000)} glyph="−10" />
        <Tool id="frameBack" hint="←" run={() => archive.step(-1)} glyph="◂" word={t('archive.frameWord')} />
        <button
          type="button"
          className="transport-button transport-play"
          aria-pressed={playing}
          aria-label={t(playing ? 'archive.pause' : 'archive.play')}
          title={`${t(playing ? 'archive.pause' : 'archive.play')} (${t('archive.space')})`}
          data-testid="play"
          onClick={() => archive.togglePlaying()}
        >
          {playing ? '❚❚' : '▶'} <kbd className="when-medium">{t('archive.space')}</kbd>
        </button>
        <Tool id="frameOn" hint="→" run={() => archive.step(1)} word={t('archive.frameWord')} glyph="▸" last />
        <Tool id="secondsOn" hint="⇧ →" run={() => archive.move(10_000)} glyph="+10" />
      </Group>
      <Group label={t('archive.eventWord')}>
        <Tool id="eventBack" hint="⇧ E" run={() => archive.jumpEvent(-1)} glyph="«" />
        <span className="transport-label">{t('archive.eventWord')}</span>
        <Tool id="eventOn" hint="E" run={() => archive.jumpEvent(1)} glyph="»" />
      </Group>
      <ClockText />
      <Rates />
      <span className="top-space" />
      <Group label={t('archive.marks')}>
        <Tool id="markFrom" hint="I" run={() => archive.mark('from')} glyph="|◂" word={t('archive.markFromWord')} />
        <Tool id="markTo" hint="O" run={() => archive.mark('to')} word={t('archive.markToWord')} glyph="▸|" last />
        {marks && <Tool id="unmark" hint="Esc" run={() => archive.unmark()} glyph="×" />}
      </Group>
      <Tool id="keep" hint="B" run={() => archive.askKeep()} glyph={t('archive.keep')} />
      <Group label={t('tool.snapshot')}>
        <Tool
          id="still"
          hint="S"
          run={() => void archive.saveStills(false)}
          glyph={<CameraIcon />}
          word={t('tool.snapshot')}
        />
        {count > 1 && <Tool id="stills" hint="⇧ S" run={() => void archive.saveStills(true)} glyph={`× ${count}`} />}
      </Group>
      <button
        type="button"
        className="transport-button transport-export"
        disabled={count === 0}
        title={`${t('command.export')} (X)`}
        data-testid="export"
        onClick={() => archive.askExport()}
      >
        {marks ? (
          <>
            <span className="when-widest">
              {t('archive.exportRange', { from: clockTime(marks.from), to: clockTime(marks.to), count })}
            </span>
            <span className="unless-widest">
              {t('archive.exportLength', { length: lengthWords(marks.to - marks.from), count })}
            </span>
          </>
        ) : (
          t('archive.export')
        )}
      </button>
    </div>
  );
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="transport-group" aria-label={label}>
      {children}
    </fieldset>
  );
}

/** Every speed as a button where there is room, else as a list. */
function Rates() {
  const { archive: store } = useStation();
  const { archive } = useOperations();
  const { t } = useTranslation();
  const rate = useStore(store, state => state.rate);
  const words = (each: Rate): string => `${each}×${each > fullFramesUpTo ? ` · ${t('archive.keyFramesOnly')}` : ''}`;
  return (
    <>
      <fieldset className="transport-group rate-buttons" aria-label={t('archive.rate')}>
        {rates.map(each => (
          <button
            key={each}
            type="button"
            className="transport-button"
            aria-pressed={each === rate}
            aria-label={words(each)}
            data-testid={`rate-${each}`}
            title={`${words(each)} ([ ])`}
            onClick={() => archive.setRate(each)}
          >
            {each}×
          </button>
        ))}
      </fieldset>
      <select
        className="field rate-list"
        aria-label={t('archive.rate')}
        title={`${t('archive.rate')} ([ ])`}
        value={rate}
        data-testid="rate"
        onChange={event => {
          archive.setRate(Number(event.target.value) as Rate);
          // The keys belong to the clock again.
          event.target.blur();
        }}
      >
        {rates.map(each => (
          <option key={each} value={each} label={words(each)} />
        ))}
      </select>
    </>
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
