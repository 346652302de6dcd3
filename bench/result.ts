export interface BenchRow {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

/** What one bench saw. `ratio` compares two figures of the same run: machines differ, and one machine differs by the hour. */
export interface BenchResult {
  readonly name: string;
  readonly rows: readonly BenchRow[];
  readonly ratio: number;
  readonly target: string;
  readonly ok: boolean;
}

/** @param p 0 to 100 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
