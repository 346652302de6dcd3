import { expect, test } from 'vitest';
import { environmentSettings } from '../electron/environment.ts';

test('each variable sets its own setting', () => {
  expect(
    environmentSettings({
      TCP_PORT: '7612',
      UDP_PORT: '0',
      API_PORT: '3001',
      HOST: '10.0.0.1',
      API_HOST: '0.0.0.0',
      API_TOKEN: 'secret',
    }),
  ).toEqual({
    signalPort: 7612,
    mediaPort: 0,
    webPort: 3001,
    host: '10.0.0.1',
    webHost: '0.0.0.0',
    webToken: 'secret',
  });
});

test('absent and empty variables set nothing', () => {
  expect(environmentSettings({ TCP_PORT: '', PATH: '/bin' })).toEqual({});
});

test.each(['76x', '-1', '1.5', ' 80'])('a port of %j is refused by the name of its variable', text => {
  expect(() => environmentSettings({ TCP_PORT: text })).toThrow(/TCP_PORT/);
});
