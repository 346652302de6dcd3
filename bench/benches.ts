import { spawnSync } from 'node:child_process';
import { findBrowser, hasDisplay } from '../electron/browser-finder.ts';
import { electronHere } from '../electron/electron-finder.ts';

export interface Bench {
  /** Module in this folder whose `run` is called, with `options`. */
  readonly file: string;
  readonly about: string;
  readonly options?: object;
  /** Why this machine cannot run it; empty when it can. */
  missing?(): string;
}

function missingChromium(): string {
  return findBrowser() ? '' : 'no Chromium, Chrome or Edge is installed (CONVOY_BROWSER names one)';
}

function missingPlayback(): string {
  return missingChromium() || (spawnSync('ffmpeg', ['-version']).status === 0 ? '' : 'no ffmpeg to make footage with');
}

function missingElectron(): string {
  const here = electronHere();
  if ('missing' in here) return `no Electron: ${here.missing} (ELECTRON_OVERRIDE_DIST_PATH names its folder)`;
  return hasDisplay(process.platform, process.env) ? '' : 'Electron needs a display, and DISPLAY names none';
}

const wall = 'The wall: 16 cameras of CIF at 15 fps for a minute';
const drift = 'The wall with jitter and stalls for ten minutes: how far the picture falls behind';

const table = {
  assemble: { file: 'assemble', about: 'TCP bytes to assembled frames, beside a tight parser of the same bytes' },
  websocket: {
    file: 'websocket',
    about: 'Frames delivered to 16 binary WebSocket clients in another process, beside bare `ws`',
  },
  udp: { file: 'udp', about: '40,000 UDP packets a second of 64 streams, the sender on the same machine' },
  'frame-latency': {
    file: 'frame-latency',
    about: 'From the last packet of a frame, as its sender sent it, to its posting to a window',
  },
  'frame-latency-electron': {
    file: 'frame-latency-electron',
    about: 'The same in the desktop application, to the arrival in its window',
    missing: missingElectron,
  },
  viewer: { file: 'viewer', about: 'First picture of a second viewer of a running stream' },
  record: {
    file: 'record',
    about:
      '64 streams of 1 Mbit/s through ingest to disk, in real time, beside ingest alone and a plain write of the same bytes',
  },
  catalogue: {
    file: 'catalogue',
    about: '64 cameras recorded for 30 days without a pause: what a day, a start of playback and the calendar take',
  },
  playback: {
    file: 'playback',
    about:
      '16 cameras recorded for a month without a pause: from the click to the picture, in a real browser on a real server',
    missing: missingPlayback,
  },
  'wall-chromium': {
    file: 'wall',
    about: `${wall}, in Chromium`,
    options: { host: 'chromium' },
    missing: missingChromium,
  },
  'wall-electron': {
    file: 'wall',
    about: `${wall}, in Electron`,
    options: { host: 'electron' },
    missing: missingElectron,
  },
  'wall-drift-chromium': {
    file: 'wall-drift',
    about: `${drift}, in Chromium`,
    options: { host: 'chromium' },
    missing: missingChromium,
  },
  'wall-drift-electron': {
    file: 'wall-drift',
    about: `${drift}, in Electron`,
    options: { host: 'electron' },
    missing: missingElectron,
  },
} satisfies Record<string, Bench>;

export type BenchName = keyof typeof table;

/** Every bench by the name it is asked for with, in the order they run. */
export const benches: Readonly<Record<BenchName, Bench>> = table;
