import type { SoundOverride } from '../contract.ts';

/** @returns the override after a change, undefined when nothing of it is left to say */
export function overrideOf(
  present: SoundOverride | undefined,
  change: Partial<SoundOverride>,
): SoundOverride | undefined {
  const { law = present?.law ?? 'auto' } = change;
  const { g726Order = present?.g726Order ?? 'auto', g726Rate = present?.g726Rate ?? 'auto' } = change;
  const isSaid = law !== 'auto' || g726Order !== 'auto' || g726Rate !== 'auto';
  return isSaid ? { law, g726Order, g726Rate } : undefined;
}
