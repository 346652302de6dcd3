import { expect, test } from 'vitest';
import { webAddress, webEntry } from '../../electron/web/web-address.ts';

test.each([
  ['127.0.0.1', false, 'http://127.0.0.1:3000/'],
  ['0.0.0.0', false, 'http://127.0.0.1:3000/'],
  ['::', true, 'https://127.0.0.1:3000/'],
  ['10.4.2.7', true, 'https://10.4.2.7:3000/'],
  ['fe80::1', false, 'http://[fe80::1]:3000/'],
])('a door on %s', (address, isSecure, expected) => {
  expect(webAddress({ address, port: 3000 }, isSecure)).toBe(expected);
});

test('carries the token for a browser, spelled so that it arrives as it is', () => {
  expect(webEntry('http://127.0.0.1:3000/', '')).toBe('http://127.0.0.1:3000/');
  const entry = webEntry('http://127.0.0.1:3000/', 'a+b&c=d %é');
  expect(new URL(entry).searchParams.get('token')).toBe('a+b&c=d %é');
});
