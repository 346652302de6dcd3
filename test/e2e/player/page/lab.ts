import { type Capabilities, type EngineChoice, probeCapabilities } from '../../../../renderer/player/capabilities.ts';
import { type MediaPort, Player, type PlayerSnapshot } from '../../../../renderer/player/player.ts';
import type { FeederDown, FeederUp, FeedOptions, SoundFeedOptions } from './feeder-messages.ts';
import { LipSync, type LipSyncReport } from './lip-sync.ts';

/** What the tests and the bench call in the page, as `window.lab`. */
export interface Lab {
  capabilities(): Promise<Capabilities>;
  load(name: string, fps: number, width: number, height: number): Promise<void>;
  open(options: FeedOptions & { engine: EngineChoice; without?: 'track' | 'mse' | 'transfer' }): Promise<number>;
  act(message: FeederUp): void;
  snapshot(id: number): PlayerSnapshot;
  snapshots(): PlayerSnapshot[];
  /** Latest `state.kind` words of a player, in order, repeated ones left out. */
  history(id: number): string[];
  counts(): Promise<FeederDown['counts']>;
  /** Latency of every player's newest picture, every 100 ms for `ms`: one list per player. */
  watch(ms: number): Promise<number[][]>;
  /** Different colours in the still picture, and its size. */
  still(id: number): Promise<{ width: number; height: number; colours: number; type: string }>;
  /** Listens to a player whose clip flashes, for `ms`: by how much each click is heard after its flash is seen, ms. */
  lipSync(id: number, ms: number, options: SoundFeedOptions): Promise<LipSyncReport>;
  hide(id: number, hidden: boolean): void;
  move(id: number): void;
  close(id: number): void;
  /** Blocks the page's thread for `forMs` every `everyMs`. */
  busy(everyMs: number, forMs: number): void;
  videos(): number;
  playbackRates(): number[];
}

declare global {
  interface Window {
    lab: Lab;
  }
}

const wall = document.querySelector('#wall')!;
const feeder = new Worker(new URL('./feeder.ts', import.meta.url), { type: 'module' });
const tiles = new Map<number, { player: Player; box: HTMLElement; history: string[] }>();
const found = probeCapabilities();
let nextId = 1;
let nextAsk = 1;

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

window.lab = {
  capabilities: () => found,
  async load(name, fps, width, height) {
    const packed = await (await fetch(`/clip/${name}`)).arrayBuffer();
    feeder.postMessage({ type: 'clip', name, fps, width, height, packed } satisfies FeederUp, [packed]);
  },
  async open({ engine, without, ...options }) {
    const capabilities = structuredClone(await found);
    if (without === 'track') capabilities.trackGenerator = false;
    if (without === 'mse') capabilities.mse.h264 = false;
    const id = nextId;
    nextId += 1;
    const { port1, port2 } = new MessageChannel();
    const box = document.createElement('div');
    wall.append(box);
    const history: string[] = [];
    const player = new Player({
      port: without === 'transfer' ? untransferable(port1) : port1,
      engine,
      capabilities,
      onChange: ({ state }) => {
        if (history.at(-1) !== state.kind) history.push(state.kind);
      },
    });
    box.append(player.element);
    tiles.set(id, { player, box, history });
    feeder.postMessage({ type: 'open', id, port: port2, options } satisfies FeederUp, [port2]);
    return id;
  },
  act: message => feeder.postMessage(message),
  snapshot: id => tiles.get(id)!.player.snapshot(),
  snapshots: () => [...tiles.values()].map(tile => tile.player.snapshot()),
  history: id => tiles.get(id)!.history,
  counts: () =>
    new Promise(resolve => {
      const ask = nextAsk;
      nextAsk += 1;
      const listen = (event: MessageEvent<FeederDown>) => {
        if (event.data.ask !== ask) return;
        feeder.removeEventListener('message', listen);
        resolve(event.data.counts);
      };
      feeder.addEventListener('message', listen);
      feeder.postMessage({ type: 'counts', ask } satisfies FeederUp);
    }),
  async watch(ms) {
    const lists = [...tiles.values()].map((): number[] => []);
    const until = performance.now() + ms;
    while (performance.now() < until) {
      await sleep(100);
      for (const [i, { player }] of [...tiles.values()].entries()) {
        const { latencyMs } = player.snapshot();
        if (latencyMs !== undefined) lists[i]!.push(latencyMs);
      }
    }
    return lists;
  },
  async still(id) {
    const blob = await tiles.get(id)!.player.captureStill();
    const bitmap = await createImageBitmap(blob);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const colours = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      colours.add(((data[i]! >> 5) << 6) | ((data[i + 1]! >> 5) << 3) | (data[i + 2]! >> 5));
    return { width: bitmap.width, height: bitmap.height, colours: colours.size, type: blob.type };
  },
  async lipSync(id, ms, options) {
    const { player } = tiles.get(id)!;
    const { port1, port2 } = new MessageChannel();
    feeder.postMessage({ type: 'listen', id, port: port2, options } satisfies FeederUp, [port2]);
    const sync = new LipSync(player, port1);
    await sleep(ms);
    return sync.finish();
  },
  hide: (id, hidden) => tiles.get(id)!.player.setHidden(hidden),
  move(id) {
    const box = document.createElement('div');
    wall.prepend(box);
    const tile = tiles.get(id)!;
    box.append(tile.player.element);
    tile.box.remove();
    tile.box = box;
  },
  close(id) {
    const tile = tiles.get(id)!;
    tile.player.close();
    tile.box.remove();
    tiles.delete(id);
  },
  busy(everyMs, forMs) {
    setInterval(() => {
      const until = performance.now() + forMs;
      while (performance.now() < until);
    }, everyMs);
  },
  videos: () => wall.querySelectorAll('video,canvas').length,
  playbackRates: () => [...wall.querySelectorAll('video')].map(video => video.playbackRate),
};

/** What the console makes of a stream that comes over a WebSocket: the shape of a port, and no port. */
function untransferable(port: MessagePort): MediaPort {
  const own: MediaPort = {
    onmessage: null,
    postMessage: message => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
  port.onmessage = event => own.onmessage?.(event);
  return own;
}
