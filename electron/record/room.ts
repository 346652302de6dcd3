import type { RecorderState } from '../contract.ts';
import type { RetentionSettings } from './retention.ts';

const dayMs = 86_400_000;
/** A rate measured over less says nothing. */
const leastSpanMs = 60_000;
const gigabyte = 1_000_000_000;
const megabyte = 1_000_000;

export interface RoomFigures {
  readonly now: number;
  /** Of the segments that began within the last hour, and when the first of them did (0: none). */
  readonly written: { readonly bytes: number; readonly first: number };
  readonly oldestAt: number;
  readonly usedBytes: number;
  /** 0: not known. */
  readonly freeBytes: number;
  readonly settings: RetentionSettings;
}

/** How long it goes on like this: until the quota, the headroom or the age takes the oldest recording. */
export function roomLeft({
  now,
  written,
  oldestAt,
  usedBytes,
  freeBytes,
  settings,
}: RoomFigures): Pick<RecorderState, 'quotaBytes' | 'bytesPerDay' | 'daysLeft'> {
  const quotaBytes = settings.recordQuotaGb * gigabyte;
  const span = Math.max(leastSpanMs, now - written.first);
  const bytesPerDay = written.first === 0 ? 0 : Math.round((written.bytes * dayMs) / span);
  const limits: number[] = [];
  if (bytesPerDay > 0 && quotaBytes > 0) limits.push((quotaBytes - usedBytes) / bytesPerDay);
  if (bytesPerDay > 0 && freeBytes > 0) limits.push((freeBytes - settings.recordHeadroomMb * megabyte) / bytesPerDay);
  if (settings.recordKeepDays > 0 && oldestAt > 0)
    limits.push((oldestAt + settings.recordKeepDays * dayMs - now) / dayMs);
  const daysLeft = limits.length === 0 ? null : Math.max(0, Math.round(Math.min(...limits) * 10) / 10);
  return { quotaBytes, bytesPerDay, daysLeft };
}
