import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fetchSegment, openPort } from './bridge.ts';
import { Console } from './Console.tsx';
import { Operations } from './operations.ts';
import { probeCapabilities } from './player/capabilities.ts';
import { Player } from './player/player.ts';
import { Station } from './station.ts';
import { pageShelf } from './store/kept.ts';

/** Beside four columns of pictures there is room for a rail from here on (CSS pixels). */
const wideEnough = 1500;

async function begin(root: HTMLElement): Promise<void> {
  const station = new Station({
    open: openPort,
    segmentBytes: fetchSegment,
    shelf: pageShelf(),
    capabilities: await probeCapabilities(),
    languages: navigator.languages,
    wide: innerWidth >= wideEnough,
    createPlayer: (port, engine, capabilities, onChange) => new Player({ port, engine, capabilities, onChange }),
    languageChanged(language) {
      document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
      window.convoy?.language?.(language);
    },
  });
  const operations = new Operations(station);
  let windowHidden = false;
  const wallSeen = (): void =>
    station.pool.setPageHidden(windowHidden || document.hidden || station.desk.getState().page !== 'live');
  station.onCommand = command => {
    if (command === 'windowHidden' || command === 'windowShown') {
      windowHidden = command === 'windowHidden';
      wallSeen();
    } else operations.menu(command);
  };
  document.addEventListener('visibilitychange', wallSeen);
  Station.watch(station.desk, state => state.page, wallSeen);
  station.start();
  createRoot(root).render(
    <StrictMode>
      <Console station={station} operations={operations} />
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void begin(root);
