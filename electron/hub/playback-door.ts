import type { PlaybackControl, PlaybackMode, PlaybackSpeed, Result } from '../contract.ts';
import type { IntakeSink } from '../frames/media-intake.ts';

export interface PlaybackOrder {
  readonly from: number;
  readonly to: number;
  readonly mode: PlaybackMode;
  readonly speed: PlaybackSpeed;
}

/** What a playback asks of the vehicle's side. */
export interface PlaybackDoor {
  isOnline(): boolean;
  /** Media is to be let in from now on: it may be faster than the answer. */
  expect(sink: IntakeSink): void;
  forget(): void;
  /** 0x9201. */
  open(order: PlaybackOrder): Promise<Result<{ target: string }>>;
  /** 0x9202. @param at ms since 1970, for drag */
  control(control: PlaybackControl, speed: PlaybackSpeed, at: number): Promise<Result<unknown>>;
}
