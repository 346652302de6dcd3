import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Event-loop delay over the time since it was last read: how late timers fire, in ms, less their own interval. */
export class LoopDelay {
  readonly #resolutionMs = 10;
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: this.#resolutionMs });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** Percentiles in ms since the last call; 0 when nothing was measured. */
  read(): { p50: number; p99: number } {
    const value = { p50: this.#percentile(50), p99: this.#percentile(99) };
    this.#histogram.reset();
    return value;
  }

  #percentile(p: number): number {
    const late = this.#histogram.percentile(p) / 1e6 - this.#resolutionMs;
    return Number.isFinite(late) ? Math.max(0, Math.round(late * 100) / 100) : 0;
  }
}
