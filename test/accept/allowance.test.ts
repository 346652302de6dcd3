import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressRate } from '../../electron/accept/address-rate.ts';
import { Allowance } from '../../electron/accept/allowance.ts';

test('takes up to the depth at once, then as much as flows back', () => {
  const allowance = new Allowance(0);
  expect(allowance.take(100, 10, 100, 0)).toBe(true);
  expect(allowance.take(1, 10, 100, 0)).toBe(false);
  expect(allowance.take(11, 10, 100, 1000)).toBe(false);
  expect(allowance.take(10, 10, 100, 1000)).toBe(true);
  expect(allowance.take(100, 10, 100, 60_000)).toBe(true);
});

test('a clock that stands still or goes back gives nothing', () => {
  const allowance = new Allowance(5000);
  expect(allowance.take(100, 10, 100, 5000)).toBe(true);
  expect(allowance.take(1, 10, 100, 1000)).toBe(false);
  expect(allowance.take(1, 10, 100, 5000)).toBe(false);
});

test('never lets through more than depth plus rate times time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ wait: fc.nat(3000), amount: fc.integer({ min: 1, max: 400 }) }), { maxLength: 60 }),
      steps => {
        const allowance = new Allowance(0);
        let now = 0;
        let taken = 0;
        for (const { wait, amount } of steps) {
          now += wait;
          if (allowance.take(amount, 50, 500, now)) taken += amount;
          if (taken > 500 + (50 * now) / 1000 + 1e-6) return false;
        }
        return true;
      },
    ),
  );
});

test('addresses have their own rate and are forgotten when they are quiet', () => {
  const rate = new AddressRate(60);
  for (let n = 0; n < 3; n++) expect(rate.take('10.0.0.1', 3, 0)).toBe(true);
  expect(rate.take('10.0.0.1', 3, 0)).toBe(false);
  expect(rate.take('10.0.0.2', 3, 0)).toBe(true);
  expect(rate.take('10.0.0.1', 3, 20_000)).toBe(true);
  rate.sweep(3, 20_000);
  expect(rate.size).toBe(1);
  rate.sweep(3, 80_000);
  expect(rate.size).toBe(0);
});
