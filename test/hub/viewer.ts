import type { ErrorCode, GapReason, StreamPhase, StreamStatus } from '../../electron/contract.ts';
import type { AudioPacket, Frame } from '../../electron/frames/frame.ts';
import type { StartInfo, Subscriber } from '../../electron/hub/subscriber.ts';

export type Event =
  | { what: 'start'; info: StartInfo }
  | { what: 'frame'; frame: Frame; cached: boolean }
  | { what: 'gap'; frames: number; reason: GapReason }
  | { what: 'end'; code: ErrorCode }
  | { what: 'audio' };

/** A subscriber that writes down what it is told, and takes as many frames as `room` says. */
export class Viewer implements Subscriber {
  readonly events: Event[] = [];
  readonly statuses: StreamStatus[] = [];
  room = Number.POSITIVE_INFINITY;

  status(status: StreamStatus): void {
    this.statuses.push(status);
  }
  start(info: StartInfo): void {
    this.events.push({ what: 'start', info });
  }
  frame(frame: Frame, cached: boolean): boolean {
    if (this.room <= 0) return false;
    this.room--;
    this.events.push({ what: 'frame', frame, cached });
    return true;
  }
  audio(_packet: AudioPacket): void {
    this.events.push({ what: 'audio' });
  }
  gap(frames: number, reason: GapReason): void {
    this.events.push({ what: 'gap', frames, reason });
  }
  end(code: ErrorCode): void {
    this.events.push({ what: 'end', code });
  }

  get frames(): Frame[] {
    return this.events.flatMap(event => (event.what === 'frame' ? [event.frame] : []));
  }

  /** The events in short: `start`, `key`, `delta`, `key*` for a cached one, `gap 3 loss`, `end shuttingDown`. */
  get story(): string[] {
    return this.events.map(event => {
      if (event.what === 'frame') return `${event.frame.key ? 'key' : 'delta'}${event.cached ? '*' : ''}`;
      if (event.what === 'gap') return `gap ${event.frames} ${event.reason}`;
      return event.what === 'end' ? `end ${event.code}` : event.what;
    });
  }

  get last(): StreamStatus {
    return this.statuses.at(-1)!;
  }

  /** The phases it was told, without repetitions. */
  get phases(): StreamPhase[] {
    return this.statuses.map(status => status.phase).filter((phase, at, all) => phase !== all[at - 1]);
  }
}
