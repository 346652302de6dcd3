import fc from 'fast-check';
import type { TraceUnit } from '../../../electron/codec/trace/trace-unit.ts';

const remotes = [
  { address: '10.0.0.9', port: 40_001 },
  { address: 'fe80::1:9', port: 40_002 },
  { address: '203.0.113.77', port: 1 },
];

/** Any traffic of one vehicle: every connection has a path of its own, times go on. */
export const anyTraffic: fc.Arbitrary<TraceUnit[]> = fc
  .array(
    fc.record({
      path: fc.integer({ min: 0, max: 5 }),
      direction: fc.constantFrom('in' as const, 'out' as const),
      bytes: fc.oneof(
        { weight: 8, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 1500 }) },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 65_480, maxLength: 65_506 }) },
      ),
      later: fc.integer({ min: 0, max: 5_000_000 }),
    }),
    { maxLength: 40 },
  )
  .map(steps => {
    const numbers = new Map<number, number>();
    let at = 1_795_000_000_000_000;
    return steps.map(({ path, direction, bytes, later }) => {
      at += later;
      const known = numbers.get(path) ?? numbers.size + 1;
      numbers.set(path, known);
      const remote = remotes[path % 3]!;
      const transport = path < 3 ? ('tcp' as const) : ('udp' as const);
      const address = remote.address.includes(':') ? 'fe80::2' : '10.4.2.7';
      return { at, direction, transport, connection: known, bytes, remote, local: { address, port: 7611 } };
    });
  });
