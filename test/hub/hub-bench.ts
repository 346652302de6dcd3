import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { StreamRow } from '../../electron/contract.ts';
import { Hub } from '../../electron/hub/hub.ts';
import { silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { deltaFrame, keyFrame } from './hand-made.ts';
import { udpSource, VehicleSide } from './vehicle-side.ts';
import { Viewer } from './viewer.ts';

export const terminal = '13912345678';
export const camera = { terminal, channel: 1, stream: 'main' } as const;
export const name = `${terminal}_1_main`;
export const asksAgain = [`expect ${name}`, `open ${name}`];

export function openHub({ online = true, settings = {} }: { online?: boolean; settings?: Partial<Settings> } = {}) {
  const clock = new ManualClock();
  const side = new VehicleSide();
  const tally = new Tally();
  const rows: StreamRow[] = [];
  if (online) side.online.add(terminal);
  const hub = new Hub({
    clock,
    tally,
    settings: { ...defaultSettings(), ...settings },
    log: silentLog,
    devices: side,
    intake: side,
    changed: row => rows.push(row),
  });
  const watch = (key: { terminal: string; channel: number; stream: 'main' | 'sub' } = camera) => {
    const viewer = new Viewer();
    return { viewer, subscription: hub.subscribe(key, viewer) };
  };
  /** One packet and one frame every 40 ms. */
  const stream = (ms: number, loss = 0) => {
    const sink = side.sink(name);
    for (let passed = 0; passed < ms; passed += 40) {
      clock.pass(40);
      sink.packet(900, loss);
      sink.frame(passed % 1000 === 0 ? keyFrame({ receivedAt: clock.now() }) : deltaFrame({ receivedAt: clock.now() }));
    }
  };
  return { clock, side, tally, rows, hub, watch, stream };
}

/** A hub whose only stream is live with one viewer. */
export async function openLive(settings: Partial<Settings> = {}) {
  const parts = openHub({ settings });
  const first = parts.watch();
  parts.side.sink(name).sourceOpened(udpSource, new Uint8Array(6));
  await parts.side.answer();
  parts.stream(1000);
  parts.side.news();
  return { ...parts, ...first };
}
