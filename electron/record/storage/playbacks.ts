import type { Clock } from '../../clock.ts';
import type { PlaybackRequest } from '../../codec/jt808/body/playback.ts';
import type { PlaybackRow, Result, Rpc, Transport, Vehicle } from '../../contract.ts';
import { type MediaTarget, targetWords } from '../../device/live-orders.ts';
import type { CommandOptions } from '../../device/session.ts';
import { fail } from '../../errors.ts';
import type { IntakeSink } from '../../frames/media-intake.ts';
import type { MediaSource } from '../../frames/media-source.ts';
import type { PlaybackDoor, PlaybackOrder } from '../../hub/playback-door.ts';
import { PlaybackFeed } from '../../hub/playback-feed.ts';
import type { PlaybackSettings } from '../../hub/playback-feed-parts.ts';
import type { Subscriber, Subscription } from '../../hub/subscriber.ts';
import type { OpenedPlayback, PlaybackAsk } from '../../ipc/desk.ts';
import type { MediaKey } from '../../stream-key.ts';
import type { Tally } from '../../tally.ts';
import { controlCode, mediaCode, modeCode, speedCode, storageCode, streamCode } from './storage-codes.ts';

const tickMs = 250;

export interface PlaybacksParts {
  readonly terminals: {
    get(id: string): Vehicle | undefined;
    isOnline(id: string): boolean;
    mediaTarget(id: string, transport?: Transport): Result<MediaTarget>;
    command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>>;
  };
  readonly intake: { expect(key: MediaKey, sink: IntakeSink): void; forget(key: MediaKey): void };
  readonly settings: PlaybackSettings & { readonly playbackTransport: Transport };
  readonly clock: Clock;
  readonly tally: Tally;
  /** Of those that a console watches. */
  changed(row: PlaybackRow): void;
  /** The channel can be played by somebody else. */
  freed(vehicleId: string, channel: number): void;
}

interface Playback {
  readonly id: string;
  readonly vehicleId: string;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
  readonly feed: PlaybackFeed;
}

/**
 * What vehicles play from their storage (0x9201, 0x9202): one of a channel at a time, since nothing on the wire tells two
 * apart.
 */
export class Playbacks {
  readonly #parts: PlaybacksParts;
  readonly #running = new Map<string, Playback>();
  readonly #former = new WeakMap<MediaSource, number>();
  readonly #stopTicking: () => void;
  #count = 0;

  constructor(parts: PlaybacksParts) {
    this.#parts = parts;
    this.#stopTicking = parts.clock.every(tickMs, () => {
      for (const { feed } of [...this.#running.values()]) feed.tick();
    });
  }

  rows(): PlaybackRow[] {
    return [...this.#running.values()].map(rowOf);
  }

  isBusy(vehicleId: string, channel: number): boolean {
    for (const each of this.#running.values())
      if (each.vehicleId === vehicleId && each.channel === channel) return true;
    return false;
  }

  /** For a console. Refuses with unknownTerminal, terminalPending, terminalOffline, playbackBusy, listenFailed, badRequest. */
  open(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback> {
    const opened = this.#open(ask, subscriber, true);
    return opened.ok ? { ok: true, value: { playback: opened.value.id, subscription: opened.value.feed } } : opened;
  }

  /** Frames as they come, for one who writes them away. */
  fetch(ask: PlaybackAsk, subscriber: Subscriber): Result<PlaybackFeed> {
    const opened = this.#open(ask, subscriber, false);
    return opened.ok ? { ok: true, value: opened.value.feed } : opened;
  }

  /** The sound of one that runs. Refuses with unknownPlayback. */
  listen(id: string, subscriber: Subscriber): Result<Subscription> {
    const playback = this.#running.get(id);
    return playback ? { ok: true, value: playback.feed.listen(subscriber) } : fail('unknownPlayback', id);
  }

  async control(args: Rpc['playback.control']['args']): Promise<Result<PlaybackRow>> {
    const { playback: id, control, speed = control === 'fast' ? 2 : 1, at } = args;
    const playback = this.#running.get(id);
    if (!playback) return fail('unknownPlayback', id);
    if (control === 'drag' && at === undefined) return fail('badRequest', 'where to drag to is missing');
    const result = await playback.feed.control(control, speed, at ?? 0);
    return result.ok ? { ok: true, value: rowOf(playback) } : result;
  }

  /** Everything of a vehicle that is no longer known. */
  forget(vehicleId: string): void {
    for (const { vehicleId: id, feed } of [...this.#running.values()])
      if (id === vehicleId) feed.end('unknownTerminal');
  }

  close(): void {
    this.#stopTicking();
    for (const { feed } of [...this.#running.values()]) feed.end('shuttingDown');
  }

  #open(ask: PlaybackAsk, subscriber: Subscriber, isPaced: boolean): Result<Playback> {
    const { terminals, settings, clock, tally, changed, freed } = this.#parts;
    const vehicle = terminals.get(ask.vehicleId);
    if (!vehicle) return fail('unknownTerminal', ask.vehicleId);
    if (ask.to !== 0 && ask.to <= ask.from) return fail('badRequest', 'the end is not after the start');
    const target = terminals.mediaTarget(vehicle.id, settings.playbackTransport);
    if (!target.ok) return target;
    const { channel, from, to, mode = 'normal', speed = mode === 'fast' ? 2 : 1 } = ask;
    if (this.isBusy(vehicle.id, channel)) return fail('playbackBusy', `${vehicle.id} channel ${channel}`);
    const id = `p${++this.#count}`;
    const feed = new PlaybackFeed({
      order: { from, to, mode, speed },
      door: this.#door({ ...ask, vehicleId: vehicle.id }),
      subscriber,
      isPaced,
      former: this.#former,
      settings,
      clock,
      tally,
      changed: () => {
        if (isPaced) changed(rowOf(playback));
      },
      over: () => {
        this.#running.delete(id);
        if (isPaced) changed({ ...rowOf(playback), ended: true });
        freed(vehicle.id, channel);
      },
    });
    const playback: Playback = { id, vehicleId: vehicle.id, channel, from, to, feed };
    this.#running.set(id, playback);
    feed.open();
    return { ok: true, value: playback };
  }

  #door({ vehicleId, channel, media, stream, storage }: PlaybackAsk): PlaybackDoor {
    const { terminals, intake, settings } = this.#parts;
    const key: MediaKey = { terminal: vehicleId, channel, stream: 'playback' };
    return {
      isOnline: () => terminals.isOnline(vehicleId),
      expect: sink => intake.expect(key, sink),
      forget: () => intake.forget(key),
      open: async ({ from, to, mode, speed }: PlaybackOrder) => {
        const target = terminals.mediaTarget(vehicleId, settings.playbackTransport);
        if (!target.ok) return target;
        const request: PlaybackRequest = {
          ...target.value,
          channel,
          media: mediaCode[media ?? 'audioVideo'],
          stream: streamCode[stream ?? 'any'],
          storage: storageCode[storage ?? 'any'],
          mode: modeCode[mode],
          speed: speedCode(mode, speed),
          start: from,
          end: to,
        };
        const answer = await terminals.command(vehicleId, 0x9201, request, { replyId: 0x1205, orAcknowledged: true });
        return answer.ok ? { ok: true, value: { target: targetWords(target.value) } } : answer;
      },
      control: (control, speed, at) =>
        terminals.command(vehicleId, 0x9202, {
          channel,
          command: controlCode[control],
          speed: speedCode(control, speed),
          position: at,
        }),
    };
  }
}

function rowOf({ id, vehicleId, channel, from, to, feed }: Playback): PlaybackRow {
  return { id, vehicleId, channel, from, to, ...feed.row };
}
