/** Frames remembered between hand-over and display: 10 s at 25 fps. */
const size = 256;

/** When a frame arrived (ms since 1970), and its device time. */
export interface Origin {
  readonly receivedAt: number;
  readonly ptsMs: number;
}

/** Which frame belongs to the picture that is seen: a ring from place on the timeline to the frame's two times. */
export class DisplayLog {
  readonly #at = new Float64Array(size).fill(-1);
  readonly #receivedAt = new Float64Array(size);
  readonly #ptsMs = new Float64Array(size);
  #next = 0;

  fed(at: number, { receivedAt, ptsMs }: Origin): void {
    this.#at[this.#next] = at;
    this.#receivedAt[this.#next] = receivedAt;
    this.#ptsMs[this.#next] = ptsMs;
    this.#next = (this.#next + 1) % size;
  }

  /** Undefined for a frame that was not fed as live, or long ago. */
  origin(at: number): Origin | undefined {
    for (let back = 1; back <= size; back += 1) {
      const i = (this.#next - back + size) % size;
      if (this.#at[i] === at) return { receivedAt: this.#receivedAt[i]!, ptsMs: this.#ptsMs[i]! };
    }
    return undefined;
  }
}

/** Longest latency that is believed; beyond it the two ends have different clocks (ms). */
const believable = 60_000;

/** Latency from arrival (wall clock) to display (monotonic), or undefined when the clocks cannot be one machine's. */
export function displayLatency(
  receivedAt: number,
  displayAt: number,
  clock: { now(): number; monotonic(): number },
): number | undefined {
  const latency = clock.now() + (displayAt - clock.monotonic()) - receivedAt;
  return latency >= 0 && latency < believable ? latency : undefined;
}
