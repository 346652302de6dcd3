import { WebSocket } from 'ws';

/** What a reader process is told, as JSON in its first argument. */
export interface ReadingPlan {
  /** One WebSocket each; `subscribe` is sent when it opens. */
  readonly readers: readonly { readonly url: string; readonly subscribe?: object }[];
}

/** What it says to its parent, every few ms. */
export interface Progress {
  readonly ready: number;
  readonly frames: number;
  readonly bytes: number;
}

const reportMs = 10;

/** The other process of the WebSocket benches: reads as fast as it can, counts, and says how much came. */
function read(plan: ReadingPlan): void {
  let ready = 0;
  let frames = 0;
  let bytes = 0;
  let told = -1;
  for (const { url, subscribe } of plan.readers) {
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.on('open', () => {
      if (subscribe) socket.send(JSON.stringify(subscribe));
      else ready++;
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) {
        ready++;
        return;
      }
      frames++;
      bytes += (data as Buffer).byteLength;
    });
    socket.on('close', () => process.exit(0));
    socket.on('error', () => process.exit(1));
  }
  setInterval(() => {
    const now = ready + frames;
    if (now === told) return;
    told = now;
    process.send?.({ ready, frames, bytes } satisfies Progress);
  }, reportMs);
}

read(JSON.parse(process.argv[2] ?? '{"readers":[]}') as ReadingPlan);
