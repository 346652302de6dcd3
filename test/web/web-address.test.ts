import { expect, test } from 'vitest';
import { webAddress } from '../../electron/web/web-address.ts';

test.each([
  ['127.0.0.1', false, 'http://127.0.0.1:3000/'],
  ['0.0.0.0', false, 'http://127.0.0.1:3000/'],
  ['::', true, 'https://127.0.0.1:3000/'],
  ['10.4.2.7', true, 'https://10.4.2.7:3000/'],
  ['fe80::1', false, 'http://[fe80::1]:3000/'],
])('a door on %s', (address, isSecure, expected) => {
  expect(webAddress({ address, port: 3000 }, isSecure)).toBe(expected);
});
