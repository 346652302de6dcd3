import { expect, it } from 'vitest';
import { tallyGroups } from '../../../renderer/diagnostics/tally-groups.ts';

it('groups counters by their stage', () => {
  expect(tallyGroups({ 'accept.idle': 2, 'delimit.badChecksum': 3, 'delimit.resync': 1, odd: 4 })).toEqual([
    { stage: 'accept', counts: [['idle', 2]] },
    {
      stage: 'delimit',
      counts: [
        ['badChecksum', 3],
        ['resync', 1],
      ],
    },
    { stage: '', counts: [['odd', 4]] },
  ]);
});
