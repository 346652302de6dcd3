import { portMessage } from '../../../electron/contract.ts';
import { loadClips } from './clip.ts';
import { FakeServer } from './fake-server.ts';
import type { FootageFile } from './footage.ts';

declare global {
  interface Window {
    fakeServer: FakeServer;
  }
}

async function loadFootage(): Promise<FootageFile[]> {
  const answer = await fetch('./footage.json');
  return answer.ok ? ((await answer.json()) as FootageFile[]) : [];
}

const server = new FakeServer(await loadClips(), await loadFootage());
window.fakeServer = server;
window.convoy = {
  connect() {
    if (server.down) return;
    const { port1, port2 } = new MessageChannel();
    server.serve(port1);
    window.postMessage(portMessage, location.origin, [port2]);
  },
};
await import('../../../renderer/app.tsx');
