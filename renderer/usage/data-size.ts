/** Data of mobile networks is sold in decimal units: `812 kB`, `48.3 MB`, `2.41 GB`. */
export function dataSize(bytes: number): string {
  if (bytes >= 999_500_000) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 999_500) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1000 ? `${Math.round(bytes / 1000)} kB` : `${bytes} B`;
}

/** `2026-11` of this computer's clock. */
export function presentMonth(now: number): string {
  const date = new Date(now);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}
