import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Progress, ReadingPlan } from './websocket-readers.ts';

/** Bytes that may be under way: enough to keep both processes busy, too little for any queue to overflow. */
const windowBytes = 4_000_000;

/** A process of readers, and how much of what was sent has come there. */
export class Readers {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  progress: Progress = { ready: 0, frames: 0, bytes: 0 };

  constructor(plan: ReadingPlan) {
    const script = fileURLToPath(new URL('./websocket-readers.ts', import.meta.url));
    this.#child = fork(script, [JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', message => {
      this.progress = message as Progress;
    });
    this.#gone = new Promise(resolve => this.#child.once('exit', () => resolve()));
  }

  async ready(count: number): Promise<void> {
    while (this.progress.ready < count) await sleep(5);
  }

  /**
   * Sends as fast as the readers read, for `warmMs` and then `measureMs`.
   * @param send hands over some frames; returns the bytes that will arrive at the readers because of it
   * @returns megabytes a second that arrived while measuring
   */
  async flood(send: () => number, warmMs: number, measureMs: number): Promise<number> {
    const began = performance.now();
    const before = this.progress.bytes;
    let sent = 0;
    let measuredFrom = 0;
    let bytesThen = 0;
    for (;;) {
      const now = performance.now();
      if (measuredFrom === 0 && now - began >= warmMs) {
        measuredFrom = now;
        bytesThen = this.progress.bytes;
      }
      if (measuredFrom !== 0 && now - measuredFrom >= measureMs) break;
      if (sent - (this.progress.bytes - before) < windowBytes) sent += send();
      await new Promise(resolve => setImmediate(resolve));
    }
    const rate = (this.progress.bytes - bytesThen) / 1e6 / ((performance.now() - measuredFrom) / 1000);
    for (let turn = 0; turn < 400 && this.progress.bytes - before < sent; turn++) await sleep(5);
    return rate;
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#gone;
  }
}
