/** Lowest level that a meter shows, dB of full scale: the murmur of a cab is about -30. */
const floorDb = -55;

/** Part of a meter that a level fills, 0 to 1. @param level root mean square, 0 to 1 */
export function meterPart(level: number): number {
  if (level <= 0) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(level * Math.SQRT2)) / floorDb));
}
