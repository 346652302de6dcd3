import { expect, test } from 'vitest';
import { section, withSections } from '../../bench/page.ts';

const udp = {
  name: 'UDP',
  rows: [{ label: 'sent', value: 40000, unit: 'packets/s' }],
  ratio: 1,
  target: 'all',
  ok: true,
};

test('a section says what was promised, what was seen and how busy the machine was', () => {
  const text = section('udp', udp, 0.52);
  expect(text).toContain('Promised: all. Seen');
  expect(text).toContain('load before it 0.5');
  expect(text).toContain('| sent | 40000 | packets/s |');
});

test('a ratio has three digits behind its point', () => {
  expect(section('udp', { ...udp, ratio: 0.41574996596828634 }, 0)).toContain(': ratio 0.416, met.');
});

test('a bench that was run again replaces its own section and leaves the others', () => {
  const skipped = section('viewer', { skipped: 'no reason' }, 0);
  const first = withSections(
    '',
    new Map([
      ['udp' as const, section('udp', udp, 1)],
      ['viewer' as const, skipped],
    ]),
  );
  const again = withSections(first, new Map([['udp' as const, section('udp', { ...udp, ok: false }, 2)]]));
  expect(again.match(/^## /gm)).toHaveLength(2);
  expect(again).toContain('missed');
  expect(again).not.toContain(', met');
  expect(again).toContain('Skipped: no reason.');
});
