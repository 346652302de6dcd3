import type { Clock } from '../clock.ts';
import {
  type PlaybackControl,
  type PlaybackRequest,
  playbackCommand,
  playbackMode,
} from '../codec/jt808/body/playback.ts';
import {
  type ResourceList,
  type ResourceQuery,
  resourceMedia,
  resourceStream,
} from '../codec/jt808/body/resource-list.ts';
import type { StreamKind } from '../contract.ts';
import type { Faults } from './faults.ts';
import { FootageStream } from './footage-stream.ts';
import { MediaLink } from './media-link.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene-shelf.ts';
import type { StoredFootage } from './stored-footage.ts';
import type { TimerHeap } from './timer-heap.ts';
import type { VehicleIdentity } from './vehicle-identity.ts';

export interface StorageDeskOptions {
  readonly identity: VehicleIdentity;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly random: Random;
  readonly faults: Readonly<Faults>;
  readonly footage: StoredFootage;
  scene(channel: number, stream: StreamKind): Scene | undefined;
  murmur(): Uint8Array;
}

const chinaMs = 8 * 3_600_000;
/** As 0x9201 and 0x9202 number it. */
const speeds = [1, 1, 2, 4, 8, 16] as const;
/** A wrong serial is so much beside the right one. */
const serialFault = 1000;

/** What a terminal holds and plays of its past: answers 0x9205, obeys 0x9201 and 0x9202. One playback a channel. */
export class StorageDesk {
  readonly #options: StorageDeskOptions;
  readonly #playing = new Map<number, FootageStream>();

  constructor(options: StorageDeskOptions) {
    this.#options = options;
  }

  /** Channels that are played now. */
  get playing(): number[] {
    return [...this.#playing.keys()];
  }

  /** What to send for a 0x9205: nothing, one list, or the same twice. */
  answer(query: ResourceQuery, replySerial: number): ResourceList[] {
    const { faults, footage } = this.#options;
    if (faults.storageNeverAnswers) return [];
    const serial = faults.storageWrongSerial ? (replySerial + serialFault) & 0xffff : replySerial;
    const list = { replySerial: serial, resources: footage.find(query) };
    return faults.storageAnswersTwice ? [list, list] : [list];
  }

  /** @returns false when it is refused */
  play(request: PlaybackRequest, fallback: string): boolean {
    const { identity, clock, timers, random, faults, footage, murmur } = this.#options;
    const { channel, start, end, mode, speed } = request;
    const scene = this.#options.scene(channel, request.stream === resourceStream.sub ? 'sub' : 'main');
    const first = footage.nextFrom(start);
    if (faults.refusesPlayback || !scene || first === undefined || (end > 0 && first >= end)) return false;
    if (request.tcpPort + request.udpPort === 0) return false;
    this.#close(channel);
    const transport = request.tcpPort > 0 ? 'tcp' : 'udp';
    const link: MediaLink = new MediaLink({
      ...{ transport, clock, timers, faults, random },
      address: request.address || fallback,
      port: transport === 'tcp' ? request.tcpPort : request.udpPort,
      opened: () => stream.start(),
      failed: () => {
        if (this.#playing.get(channel) === stream) this.#playing.delete(channel);
        stream.close();
      },
    });
    const stream: FootageStream = new FootageStream({
      ...{ clock, timers, link, scene, footage, channel, mode },
      sim: identity.phoneBytes,
      from: start,
      to: end,
      speed: speeds[speed] ?? 1,
      murmur: request.media === resourceMedia.video ? undefined : murmur(),
      caption: at => this.#caption(channel, at),
      ended: () => {
        if (this.#playing.get(channel) === stream) this.#playing.delete(channel);
      },
    });
    this.#playing.set(channel, stream);
    return true;
  }

  /** @returns false when nothing is played there, or it does not know how */
  control({ channel, command, speed, position }: PlaybackControl): boolean {
    const stream = this.#playing.get(channel);
    // One that has ended by itself counts as stopped.
    if (!stream) return command === playbackCommand.stop;
    const times = speeds[speed] ?? 1;
    if (command === playbackCommand.stop) this.#close(channel);
    else if (command === playbackCommand.pause) stream.pause();
    else if (command === playbackCommand.start) stream.go(playbackMode.normal, 1);
    else if (command === playbackCommand.fast) stream.go(playbackMode.fast, times);
    else if (command === playbackCommand.keyFrames) stream.go(playbackMode.keyFrames, 1);
    else if (command === playbackCommand.keyFramesBack) stream.go(playbackMode.keyFramesBack, times);
    else if (command === playbackCommand.drag && position > 0) stream.drag(position);
    else return false;
    return true;
  }

  close(): void {
    for (const channel of [...this.#playing.keys()]) this.#close(channel);
  }

  #close(channel: number): void {
    this.#playing.get(channel)?.close();
    this.#playing.delete(channel);
  }

  #caption(channel: number, at: number): string {
    const time = new Date(at + chinaMs).toISOString().slice(0, 19).replace('T', ' ');
    return `${time} ${this.#options.identity.plate} CH${channel} DISK`;
  }
}
