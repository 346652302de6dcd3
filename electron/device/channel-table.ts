import type { ChannelTable } from '../codec/jt808/body/video-parameter.ts';
import type { TerminalRecord } from './terminal-record.ts';

/** The parameter that lists a terminal's channels, 1078-2016 table 4. */
export const channelTableId = 0x0076;

/** Its cameras, and channels that have sound only. A channel that is listed twice counts once, as a camera if it is one anywhere. */
export function camerasOf(table: unknown): NonNullable<TerminalRecord['cameras']> {
  const { audioVideo, audio, video } = table as ChannelTable;
  const cameras = new Map<number, NonNullable<TerminalRecord['cameras']>[number]>();
  for (const { logical, kind, panTilt } of [...audioVideo, ...video]) {
    if (logical < 1 || kind === 1 || cameras.has(logical)) continue;
    cameras.set(logical, { channel: logical, panTilt: panTilt === 1, silent: kind === 2 });
  }
  for (const { logical, kind } of [...audio, ...audioVideo, ...video]) {
    if (logical < 1 || kind !== 1 || cameras.has(logical)) continue;
    cameras.set(logical, { channel: logical, panTilt: false, silent: false, soundOnly: true });
  }
  return [...cameras.values()].sort((a, b) => a.channel - b.channel);
}
