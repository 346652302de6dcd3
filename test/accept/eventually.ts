import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `holds` is true; sockets take the turns they take. @throws after `withinMs` */
export async function eventually(what: string, holds: () => boolean, withinMs = 8000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never came true: ${what}`);
    await sleep(2);
  }
}
