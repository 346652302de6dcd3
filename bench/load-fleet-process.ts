import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { simOf } from './camera-stream.ts';
import type { LoadPlan, LoadReport } from './load-plan.ts';

/** A loaded fleet in a process of its own (load-fleet.ts): its terminals come online at once, and wait to be asked. */
export class LoadFleet {
  /** Header ids of its terminals. */
  readonly ids: string[];
  readonly #child: ChildProcess;
  readonly #ready: Promise<LoadReport>;

  constructor(plan: LoadPlan) {
    this.ids = Array.from({ length: plan.vehicles }, (_, index) => Buffer.from(simOf(index)).toString('hex'));
    this.#child = fork(fileURLToPath(new URL('load-fleet.ts', import.meta.url)), [JSON.stringify(plan)]);
    this.#ready = told(this.#child, 'ready');
    this.#ready.catch(() => undefined);
  }

  /** Resolves when every terminal was asked for its stream, and all of it was sent. */
  async run(): Promise<LoadReport & { type: 'done' }> {
    await this.#ready;
    const done = told(this.#child, 'done');
    this.#child.send('go');
    return (await done) as LoadReport & { type: 'done' };
  }

  close(): void {
    this.#child.kill();
  }
}

function told(child: ChildProcess, type: LoadReport['type']): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const listen = (report: LoadReport) => {
      if (report.type !== type) return;
      child.off('message', listen);
      resolve(report);
    };
    child.on('message', listen);
    child.once('exit', code => reject(new Error(`the fleet's process ended with ${code}`)));
  });
}
