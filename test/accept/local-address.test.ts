import { expect, test } from 'vitest';
import { isWildcard, localAddressTo } from '../../electron/accept/local-address.ts';

test('this machine is reached from its loopback address', async () => {
  expect(await localAddressTo('127.0.0.1', 9)).toBe('127.0.0.1');
});

test('an address without a route has none', async () => {
  expect(await localAddressTo('255.255.255.255', 9)).toBeUndefined();
});

test('only addresses that mean every one are wildcards', () => {
  expect(['0.0.0.0', '::', '127.0.0.1', '::1', '10.0.0.0'].map(isWildcard)).toEqual([true, true, false, false, false]);
});
