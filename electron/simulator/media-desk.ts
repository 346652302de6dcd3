import type { Clock } from '../clock.ts';
import {
  type LiveControl,
  type LiveRequest,
  liveClose,
  liveCommand,
  liveDataType,
} from '../codec/jt808/body/live-media.ts';
import type { StreamKind } from '../contract.ts';
import type { Log } from '../log.ts';
import { CameraStream } from './camera-stream.ts';
import type { Drive } from './drive.ts';
import type { Faults } from './faults.ts';
import { MediaLink } from './media-link.ts';
import type { Random } from './random.ts';
import { eyes, type Place, places, type Scene, type SceneShelf } from './scene-shelf.ts';
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

/** What a terminal streams, by channel: obeys 0x9101 and 0x9102. */
export class MediaDesk {
  readonly #options: MediaDeskOptions;
  readonly #place: Place;
  readonly #phase: number;
  readonly #running = new Map<number, Running>();
  #caption = { second: -1, text: '' };

  constructor(options: MediaDeskOptions) {
    this.#options = options;
    this.#place = places[Math.floor(options.random() * places.length)] as Place;
    this.#phase = Math.floor(options.random() * 1000);
  }

  get streams(): { channel: number; stream: StreamKind; transport: 'udp' | 'tcp'; paused: boolean }[] {
    return [...this.#running].map(([channel, { stream, link, camera }]) => ({
      channel,
      stream,
      transport: link.transport,
      paused: camera.isPaused,
    }));
  }

  supports(request: LiveRequest): boolean {
    return request.dataType <= liveDataType.listen && request.tcpPort + request.udpPort > 0;
  }

  /**
   * @param fallback address to use when the request names none
   * @returns false when the clip cannot be read
   */
  open(request: LiveRequest, fallback: string): boolean {
    const { identity, clock, timers, random, faults, scenes } = this.#options;
    const wantsPicture = request.dataType <= liveDataType.video;
    const scene = this.#scene(request.channel, request.stream === 0 ? 'main' : 'sub');
    if (wantsPicture && !scene) return false;
    this.#close(request.channel);
    const prefersUdp = request.tcpPort === 0 || (request.udpPort !== 0 && identity.prefers === 'udp');
    const stream: StreamKind = request.stream === 0 ? 'main' : 'sub';
    const link = new MediaLink({
      transport: prefersUdp ? 'udp' : 'tcp',
      address: request.address || fallback,
      port: prefersUdp ? request.udpPort : request.tcpPort,
      clock,
      timers,
      faults,
      random,
      opened: () => camera.start(),
      failed: () => {
        if (this.#running.get(request.channel)?.link === link) this.#close(request.channel);
      },
    });
    const camera = new CameraStream({
      sim: identity.phoneBytes,
      channel: request.channel,
      clock,
      timers,
      faults,
      link,
      scene: wantsPicture ? scene : undefined,
      phase: this.#phase,
      murmur: request.dataType === liveDataType.video ? undefined : scenes.murmur(),
      caption: () => this.#captionText(request.channel),
    });
    this.#running.set(request.channel, { request, link, camera, stream });
    return true;
  }

  /** @returns false when there is no such stream to control */
  control({ channel, command, close, stream }: LiveControl): boolean {
    const running = this.#running.get(channel);
    // A stream that has ended by itself counts as closed.
    if (!running) return command === liveCommand.close || command === liveCommand.closeTalk;
    if (command === liveCommand.pause) running.camera.pause();
    else if (command === liveCommand.resume) running.camera.start();
    else if (command === liveCommand.switchStream) this.#switch(running, stream === 0 ? 'main' : 'sub');
    else if (command === liveCommand.closeTalk || close === liveClose.audio) running.camera.stopSound();
    else if (close === liveClose.video) running.camera.stopPicture();
    else this.#close(channel);
    if (running.camera.isSilent) this.#close(channel);
    return true;
  }

  stall(ms: number): void {
    for (const { camera } of this.#running.values()) camera.stall(ms);
  }

  close(): void {
    for (const channel of this.#running.keys()) this.#close(channel);
  }

  #switch(running: Running, stream: StreamKind): void {
    const scene = running.stream === stream ? undefined : this.#scene(running.request.channel, stream);
    if (!scene) return;
    running.stream = stream;
    running.camera.switchTo(scene);
  }

  #scene(channel: number, stream: StreamKind): Scene | undefined {
    try {
      return this.#options.scenes.scene(this.#place, channel, stream);
    } catch (error) {
      this.#options.log.warn({ channel, stream, reason: String(error) }, 'a clip of the simulator cannot be read');
      return undefined;
    }
  }

  #close(channel: number): void {
    this.#running.get(channel)?.camera.close();
    this.#running.delete(channel);
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
    return this.#caption.text.replace('#', String(((channel - 1) % eyes.length) + 1));
  }
}
