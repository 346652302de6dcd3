import type { Frame } from '../electron/frames/frame.ts';
import { withLoad } from './load-run.ts';
import { type BenchResult, round } from './result.ts';

const streams = 64;
const packetsPerSecond = 40_000;
const seconds = 10;

/** 64 cameras over UDP, sent by another process on the same machine: every frame must reach its subscriber. */
export async function run(): Promise<BenchResult> {
  let frames = 0;
  let gaps = 0;
  const subscriber = {
    status: () => undefined,
    start: () => undefined,
    frame: (_frame: Frame) => {
      frames++;
      return true;
    },
    audio: () => undefined,
    gap: () => {
      gaps++;
    },
    end: () => undefined,
  };
  const { sent, server } = await withLoad(
    { vehicles: streams, transport: 'udp', seconds, packetsPerSecond },
    async (running, ids) => {
      for (const vehicleId of ids) {
        const opened = running.desk.subscribe({ vehicleId, channel: 1, stream: 'main' }, subscriber);
        if (!opened.ok) throw new Error(opened.message);
      }
    },
  );
  const rate = sent.packets / sent.seconds;
  const lost = server.tally.get('sequence.lost');
  return {
    name: 'UDP: 64 streams',
    rows: [
      { label: 'sent', value: Math.round(rate), unit: 'packets/s' },
      { label: 'frames sent', value: sent.frames, unit: '' },
      { label: 'frames delivered', value: frames, unit: '' },
      { label: 'gaps', value: gaps, unit: '' },
      { label: 'packets lost', value: lost, unit: '' },
      { label: 'packets late', value: server.tally.get('sequence.late'), unit: '' },
      { label: 'packets out of place', value: server.tally.get('sequence.stray'), unit: '' },
    ],
    ratio: round(frames / sent.frames, 5),
    target: `every frame of ${packetsPerSecond} packets/s, no packet lost`,
    ok: frames === sent.frames && lost === 0 && rate > packetsPerSecond * 0.97,
  };
}
