import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../electron/command-line.ts';

describe('readCommandLine', () => {
  it('reads the flags of the program and any row of the settings table', () => {
    const line = readCommandLine([
      '.',
      '--demo',
      '--data-dir=/tmp/a=b',
      '--signal-port=0',
      '--web-enabled',
      '--web-host=127.0.0.1',
      '--registration=list',
    ]);
    expect(line).toEqual({
      demo: true,
      dataDir: '/tmp/a=b',
      settings: { signalPort: 0, webEnabled: true, webHost: '127.0.0.1', registration: 'list' },
    });
  });

  it('leaves words that are Chromium’s alone', () => {
    expect(readCommandLine(['--no-sandbox', '--remote-debugging-port=0', '-psn_0_1'])).toEqual({
      demo: false,
      dataDir: '',
      settings: {},
    });
  });

  it.each([
    ['--signal-port=70000', /signalPort/],
    ['--signal-port=x', /signalPort/],
    ['--signal-port', /signalPort/],
    ['--registration=maybe', /registration/],
    ['--web-enabled=perhaps', /webEnabled/],
  ])('refuses %s and names the setting', (word, names) => {
    expect(() => readCommandLine([word])).toThrow(names);
  });
});
