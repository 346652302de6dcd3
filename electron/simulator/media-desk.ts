import type { Clock } from '../clock.ts';
import {
  type LiveControl,
  type LiveRequest,
  liveClose,
  liveCommand,
  liveDataType,
  liveStream,
} from '../codec/jt808/body/live-media.ts';
import type { StreamKind } from '../contract.ts';
import type { Log } from '../log.ts';
import { CameraStream } from './camera-stream.ts';
import type { Drive } from './drive.ts';
import type { Faults } from './faults.ts';
import { MediaLink, type MediaLinkOptions } from './media-link.ts';
import type { Random } from './random.ts';
import { eyes, type Place, places, type Scene, type SceneShelf } from './scene-shelf.ts';
import type { Heard } from './talk-ear.ts';
import { TalkStream } from './talk-stream.ts';
import type { TimerHeap } from './timer-heap.ts';
import type { VehicleIdentity } from './vehicle-identity.ts';

export interface MediaDeskOptions {
  readonly identity: VehicleIdentity;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: TimerHeap;
  readonly random: Random;
  readonly faults: Readonly<Faults>;
  readonly scenes: SceneShelf;
  readonly drive: Drive;
  /** In the caption of a channel in place of the speed; '' for nothing. */
  remark(channel: number): string;
}

interface Running {
  readonly request: LiveRequest;
  readonly link: MediaLink;
  readonly camera: CameraStream;
  stream: StreamKind;
}

const hourMs = 3_600_000;
/** The captions' clock: GMT+8, as every time that a terminal tells. */
const chinaMs = 8 * hourMs;

/** What a terminal streams: obeys 0x9101 and 0x9102. */
export class MediaDesk {
  readonly #options: MediaDeskOptions;
  readonly #place: Place;
  readonly #phase: number;
  /** By `runningName`: main and sub of a channel may run at once. */
  readonly #running = new Map<string, Running>();
  /** By channel: one talk, monitor or broadcast at a time. */
  readonly #talks = new Map<number, TalkStream>();
  #caption = { second: -1, text: '' };

  constructor(options: MediaDeskOptions) {
    this.#options = options;
    this.#place = places[Math.floor(options.random() * places.length)] as Place;
    this.#phase = Math.floor(options.random() * 1000);
  }

  get streams(): { channel: number; stream: StreamKind; transport: 'udp' | 'tcp'; paused: boolean }[] {
    return [...this.#running.values()].map(({ request, stream, link, camera }) => ({
      channel: request.channel,
      stream,
      transport: link.transport,
      paused: camera.isPaused,
    }));
  }

  supports(request: LiveRequest): boolean {
    return request.dataType <= liveDataType.broadcast && request.tcpPort + request.udpPort > 0;
  }

  /**
   * @param fallback address to use when the request names none
   * @returns false when the clip cannot be read
   */
  open(request: LiveRequest, fallback: string): boolean {
    const { identity, clock, timers, faults, scenes } = this.#options;
    if (request.dataType > liveDataType.video) {
      this.#openTalk(request, fallback);
      return true;
    }
    const stream = streamKind(request.stream);
    const name = runningName(request, stream);
    const scene = this.scene(request.channel, stream);
    if (!scene) return false;
    this.#close(name);
    const link = this.#link(request, fallback, {
      opened: () => camera.start(),
      failed: () => {
        for (const [key, running] of this.#running) if (running.link === link) this.#close(key);
      },
    });
    const camera = new CameraStream({
      sim: identity.phoneBytes,
      channel: request.channel,
      clock,
      timers,
      faults,
      link,
      scene,
      phase: this.#phase,
      murmur: request.dataType === liveDataType.video ? undefined : scenes.murmur(),
      caption: () => this.#captionText(request.channel),
    });
    this.#running.set(name, { request, link, camera, stream });
    return true;
  }

  /** @returns false when there is no such stream to control */
  control({ channel, command, close, stream }: LiveControl): boolean {
    if (this.#closedTalk(channel, command, close)) return true;
    const ofChannel = [...this.#running].filter(([, running]) => running.request.channel === channel);
    // A stream that has ended by itself counts as closed.
    if (ofChannel.length === 0) return command === liveCommand.close || command === liveCommand.closeTalk;
    const named = ofChannel.filter(([, running]) => running.stream === streamKind(stream));
    const all = command === liveCommand.close && close === liveClose.all;
    // Only "switch" gives the stream a meaning by the text; a platform that closes one of two encodings fills it in too.
    for (const [name, running] of all && named.length > 0 ? named : ofChannel) {
      if (all) this.#close(name);
      else if (command === liveCommand.pause) running.camera.pause();
      else if (command === liveCommand.resume) running.camera.start();
      else if (command === liveCommand.switchStream) this.#switch(name, running, streamKind(stream));
      else if (command === liveCommand.closeTalk || close === liveClose.audio) running.camera.stopSound();
      else if (close === liveClose.video) running.camera.stopPicture();
      if (running.camera.isSilent) this.#close(name);
    }
    return true;
  }

  /** What its cab hears, by channel. */
  get heard(): { channel: number; dataType: number; heard: Heard }[] {
    return [...this.#talks].map(([channel, { dataType, heard }]) => ({ channel, dataType, heard }));
  }

  #link(
    request: LiveRequest,
    fallback: string,
    events: Pick<MediaLinkOptions, 'opened' | 'failed' | 'received'>,
  ): MediaLink {
    const { identity, clock, timers, random, faults } = this.#options;
    const prefersUdp = request.tcpPort === 0 || (request.udpPort !== 0 && identity.prefers === 'udp');
    return new MediaLink({
      transport: prefersUdp ? 'udp' : 'tcp',
      address: request.address || fallback,
      port: faults.mediaPort || (prefersUdp ? request.udpPort : request.tcpPort),
      ...{ clock, timers, faults, random },
      ...events,
    });
  }

  #openTalk(request: LiveRequest, fallback: string): void {
    const { identity, clock, timers, scenes } = this.#options;
    const { channel, dataType } = request;
    this.#closeTalk(channel);
    const link = this.#link(request, fallback, {
      opened: () => talk.start(),
      received: bytes => talk.received(bytes),
      failed: () => {
        if (this.#talks.get(channel) === talk) this.#closeTalk(channel);
      },
    });
    const sound = { clock, timers, link, murmur: scenes.murmur() };
    const talk: TalkStream = new TalkStream({ ...sound, sim: identity.phoneBytes, channel, dataType });
    this.#talks.set(channel, talk);
  }

  /** The text gives a talk a command of its own; what else closes sound closes one too where there is nothing more. */
  #closedTalk(channel: number, command: number, close: number): boolean {
    const hasPicture = [...this.#running.values()].some(({ request }) => request.channel === channel);
    const isMeant =
      command === liveCommand.closeTalk ||
      (command === liveCommand.close && (close === liveClose.audio || !hasPicture));
    return isMeant && this.#closeTalk(channel);
  }

  #closeTalk(channel: number): boolean {
    this.#talks.get(channel)?.close();
    return this.#talks.delete(channel);
  }

  stall(ms: number): void {
    for (const { camera } of this.#running.values()) camera.stall(ms);
  }

  close(): void {
    for (const name of this.#running.keys()) this.#close(name);
    for (const channel of this.#talks.keys()) this.#closeTalk(channel);
  }

  #switch(name: string, running: Running, stream: StreamKind): void {
    const { request } = running;
    const scene = running.stream === stream ? undefined : this.scene(request.channel, stream);
    if (!scene) return;
    this.#running.delete(name);
    this.#close(runningName(request, stream));
    running.stream = stream;
    running.camera.switchTo(scene);
    this.#running.set(runningName(request, stream), running);
  }

  /** A JPEG of what the camera of a channel sees; empty when there is none. */
  still(channel: number): Uint8Array {
    try {
      return this.#options.scenes.still(this.#place, channel);
    } catch (error) {
      this.#options.log.warn({ channel, reason: String(error) }, 'a picture of the simulator cannot be read');
      return new Uint8Array();
    }
  }

  /** What the camera of a channel sees, live and in its recordings. */
  scene(channel: number, stream: StreamKind): Scene | undefined {
    try {
      return this.#options.scenes.scene(this.#place, channel, stream);
    } catch (error) {
      this.#options.log.warn({ channel, stream, reason: String(error) }, 'a clip of the simulator cannot be read');
      return undefined;
    }
  }

  #close(name: string): void {
    this.#running.get(name)?.camera.close();
    this.#running.delete(name);
  }

  /** e.g. `2026-11-23 18:41:24 沪A·D7261 CH1 62km/h`, new once a second. */
  #captionText(channel: number): string {
    const { identity, clock, drive } = this.#options;
    const second = Math.floor(clock.now() / 1000);
    if (second !== this.#caption.second) {
      drive.advance(clock.monotonic());
      const time = new Date(second * 1000 + chinaMs).toISOString().slice(0, 19).replace('T', ' ');
      this.#caption = { second, text: `${time} ${identity.plate} CH# ${Math.round(drive.speed)}km/h` };
    }
    const remark = this.#options.remark(channel);
    const text = this.#caption.text.replace('#', String(((channel - 1) % eyes.length) + 1));
    return remark === '' ? text : text.replace(/\S+$/, remark);
  }
}

function streamKind(code: number): StreamKind {
  return code === liveStream.main ? 'main' : 'sub';
}

function runningName(request: LiveRequest, stream: StreamKind): string {
  return `${request.channel} ${stream}`;
}
