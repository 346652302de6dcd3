import { type MessagePort, parentPort } from 'node:worker_threads';
import type { ControlDown, ControlUp, MediaDown, MediaUp } from '../electron/contract.ts';

/** Credits kept with the server; granted again as frames arrive. */
const credits = 64;

/** Stands in for a window: opens every camera that it is told of and gives credits back as frames come. */
parentPort?.once('message', ({ control, vehicleIds }: { control: MessagePort; vehicleIds: string[] }) => {
  let opened = 0;
  control.addEventListener('message', event => {
    const { data, ports } = event as unknown as { data: ControlDown; ports: MessagePort[] };
    if (data.type === 'port') watch(ports[0] as MessagePort);
    if (data.type !== 'reply') return;
    if (!data.result.ok) throw new Error(data.result.message);
    if (++opened === vehicleIds.length) parentPort?.postMessage('watching');
  });
  control.start();
  for (const [id, vehicleId] of vehicleIds.entries())
    control.postMessage({
      type: 'call',
      id,
      method: 'stream.open',
      args: { vehicleId, channel: 1, stream: 'main', credits },
    } satisfies ControlUp);
});

function watch(port: MessagePort): void {
  let taken = 0;
  port.on('message', (message: MediaDown) => {
    if (message.type !== 'frame' || ++taken < credits / 4) return;
    port.postMessage({ type: 'credit', frames: taken } satisfies MediaUp);
    taken = 0;
  });
}
