import { describe, expect, it } from 'vitest';
import { roomLeft } from '../../electron/record/room.ts';

const gigabyte = 1_000_000_000;
const hour = 3_600_000;
const now = 1_800_000_000_000;
const figures = {
  now,
  written: { bytes: 10 * gigabyte, first: now - hour },
  oldestAt: now - 24 * hour,
  usedBytes: 60 * gigabyte,
  freeBytes: 722 * gigabyte,
  settings: { recordQuotaGb: 0, recordKeepDays: 0, recordHeadroomMb: 2000 },
};
const left = (settings: Partial<typeof figures.settings>, change: Partial<typeof figures> = {}) =>
  roomLeft({ ...figures, ...change, settings: { ...figures.settings, ...settings } });

describe('roomLeft', () => {
  it('is what the free space leaves at the rate of the last hour', () => {
    expect(left({})).toEqual({ quotaBytes: 0, bytesPerDay: 240 * gigabyte, daysLeft: 3 });
  });

  it('is what the quota or the age leaves, where that is less', () => {
    expect(left({ recordQuotaGb: 300 })).toMatchObject({ quotaBytes: 300 * gigabyte, daysLeft: 1 });
    expect(left({ recordKeepDays: 3 }).daysLeft).toBe(2);
    expect(left({ recordQuotaGb: 10 }).daysLeft).toBe(0);
  });

  it('is not known while nothing was written', () => {
    expect(left({ recordQuotaGb: 300 }, { written: { bytes: 0, first: 0 } })).toMatchObject({
      bytesPerDay: 0,
      daysLeft: null,
    });
  });

  it('takes no rate from a few seconds', () => {
    const { bytesPerDay } = left({}, { written: { bytes: gigabyte, first: now - 1000 } });
    expect(bytesPerDay).toBe(1440 * gigabyte);
  });
});
