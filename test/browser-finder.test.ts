import { describe, expect, it } from 'vitest';
import { browserArguments, browserPlaces, findBrowser, hasDisplay } from '../electron/browser-finder.ts';

describe('findBrowser', () => {
  it('looks in the usual places of Linux and in PATH', () => {
    const there = new Set(['/opt/own/bin/google-chrome', '/usr/bin/microsoft-edge']);
    expect(findBrowser('linux', { PATH: '/opt/own/bin:/bin' }, path => there.has(path))).toBe(
      '/opt/own/bin/google-chrome',
    );
    expect(findBrowser('linux', {}, path => there.has(path))).toBe('/usr/bin/microsoft-edge');
    expect(findBrowser('linux', { PATH: '/bin' }, () => false)).toBeUndefined();
  });

  it('looks in the usual places of Windows and macOS', () => {
    expect(browserPlaces('win32', { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\a\\Local' })).toEqual(
      expect.arrayContaining([
        'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
        'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
        'C:\\Users\\a\\Local\\Google\\Chrome\\Application\\chrome.exe',
      ]),
    );
    expect(browserPlaces('darwin', { HOME: '/Users/a' })).toEqual(
      expect.arrayContaining([
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Users/a/Applications/Chromium.app/Contents/MacOS/Chromium',
      ]),
    );
  });

  it('takes the one that is named before all others', () => {
    expect(findBrowser('linux', { CONVOY_BROWSER: '/x/browser' }, () => true)).toBe('/x/browser');
  });
});

describe('browserArguments', () => {
  const options = {
    address: 'http://127.0.0.1:3000/',
    profile: '/data/browser',
    platform: 'linux',
    root: false,
  } as const;
  it('opens one application window with a profile of its own', () => {
    expect(browserArguments(options)).toEqual(
      expect.arrayContaining(['--app=http://127.0.0.1:3000/', '--user-data-dir=/data/browser']),
    );
  });
  it('gives up the sandbox for root on Linux only', () => {
    expect(browserArguments(options)).not.toContain('--no-sandbox');
    expect(browserArguments({ ...options, root: true })).toContain('--no-sandbox');
    expect(browserArguments({ ...options, root: true, platform: 'darwin' })).not.toContain('--no-sandbox');
  });
});

it('knows when Linux has no display', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
});
