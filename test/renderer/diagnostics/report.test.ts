import { expect, it } from 'vitest';
import { diagnosticsReport } from '../../../renderer/diagnostics/report.ts';
import { streamRow } from '../made-up.ts';

it('has everything in plain text', () => {
  const text = diagnosticsReport(
    {
      tallies: { 'delimit.badChecksum': 3 },
      health: { loopP99: 2.5 } as never,
      unknownMessages: [{ id: '0x0F01', count: 2 }],
      streams: [streamRow('13912345678', 'live', { frames: 12, framesDropped: 1, packetsLost: 4 })],
      versions: { node: '24.21.0' },
    },
    { mse: { h264: true, h265: false }, webcodecs: { h264: true, h265: false }, trackGenerator: true },
    Date.UTC(2026, 10, 20),
  );
  expect(text.split('\n')[0]).toBe('Convoy diagnostics 2026-11-20T00:00:00.000Z');
  for (const part of [
    'node 24.21.0',
    '"loopP99": 2.5',
    'delimit.badChecksum 3',
    '0x0F01 2',
    '013912345678_1_sub | live',
    'frames 12 dropped 1 lost packets 4',
  ])
    expect(text).toContain(part);
});
