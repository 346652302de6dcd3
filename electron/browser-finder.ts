import { existsSync } from 'node:fs';
import { delimiter, posix, win32 } from 'node:path';

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
];
const linuxFolders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome', '/opt/microsoft/msedge'];
const windowsPlaces = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
];
const macPrograms = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

/** Where a Chromium, Chrome or Edge usually lies, best first; `CONVOY_BROWSER` before all. */
export function browserPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  const named = env.CONVOY_BROWSER ? [env.CONVOY_BROWSER] : [];
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      folder => folder !== undefined,
    );
    return [...named, ...folders.flatMap(folder => windowsPlaces.map(place => win32.join(folder, ...place)))];
  }
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])];
    return [
      ...named,
      ...macPrograms.flatMap(name => folders.map(folder => `${folder}/${name}.app/Contents/MacOS/${name}`)),
    ];
  }
  const folders = new Set([...linuxFolders, ...(env.PATH ?? '').split(delimiter).filter(folder => folder !== '')]);
  return [...named, ...linuxNames.flatMap(name => [...folders].map(folder => posix.join(folder, name)))];
}

/** The browser to show the console in, or undefined when none is installed. */
export function findBrowser(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  return browserPlaces(platform, env).find(exists);
}

/**
 * What a browser is started with to be the console's window: one application window with a profile of its own.
 * Chromium refuses to run as root inside its sandbox, so on Linux root gives it up; nobody else does.
 */
export function browserArguments(options: {
  address: string;
  profile: string;
  platform: NodeJS.Platform;
  root: boolean;
}): string[] {
  return [
    `--app=${options.address}`,
    `--user-data-dir=${options.profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-component-update',
    '--disable-background-networking',
    // The wall goes on while another window covers it.
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    '--autoplay-policy=no-user-gesture-required',
    ...(options.platform === 'linux' && options.root ? ['--no-sandbox'] : []),
  ];
}

/** Linux shows windows only where there is a display server; elsewhere there always is one. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
