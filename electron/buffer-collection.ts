import { setFlagsFromString } from 'node:v8';

/**
 * Frames live in buffers outside V8's heap. By default V8 begins a full collection for every 64 MB of those, which here is
 * one in 600 ms, each holding the loop up for 5 to 10 ms; counted together with the heap they are collected with it. Seen
 * with 64 streams of 1 Mbit/s on Node 24: 99 of 100 frames posted within 3.5 ms (TCP) and 4.7 ms (UDP) instead of 8 and 12.
 *
 * To be called before anything large is allocated. Electron's V8 is another one and is left as it is.
 */
export function collectBuffersWithHeap(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major === 24 && !process.versions.electron) setFlagsFromString('--external-memory-accounted-in-global-limit');
}
