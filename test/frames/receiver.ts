import type { Clock } from '../../electron/clock.ts';
import { readDatagram } from '../../electron/codec/datagram.ts';
import { Delimiter } from '../../electron/codec/delimiter.ts';
import type { Message } from '../../electron/codec/jt808/frame.ts';
import type { Packet } from '../../electron/codec/jt1078/packet.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { AudioPacket, Frame } from '../../electron/frames/frame.ts';
import { type IntakeSink, MediaIntake } from '../../electron/frames/media-intake.ts';
import type { MediaSource } from '../../electron/frames/media-source.ts';
import { silentLog } from '../../electron/log.ts';
import type { StreamUse } from '../../electron/stream-key.ts';
import { Tally } from '../../electron/tally.ts';

/** A clock that stands until it is moved. */
export class HandClock implements Clock {
  ms = 1000;
  now = () => 1_700_000_000_000 + this.ms;
  monotonic = () => this.ms;
  after = () => () => undefined;
  every = () => () => undefined;
}

/** Everything one stream was told, in order. */
export class Recording implements IntakeSink {
  readonly frames: Frame[] = [];
  readonly sounds: AudioPacket[] = [];
  readonly gaps: { frames: number; reason: string }[] = [];
  /** `open <source>`, `closed`, `key`, `frame`, `audio`, `gap <frames> <reason>`. */
  readonly told: string[] = [];
  packets = 0;
  lost = 0;

  frame(frame: Frame): void {
    this.frames.push(frame);
    this.told.push(frame.key ? 'key' : 'frame');
  }
  audio(packet: AudioPacket): void {
    this.sounds.push(packet);
    this.told.push('audio');
  }
  gap(frames: number, reason: string): void {
    this.gaps.push({ frames, reason });
    this.told.push(`gap ${frames} ${reason}`);
  }
  sourceOpened(source: MediaSource): void {
    this.told.push(`open ${source.id}`);
  }
  sourceClosed(): void {
    this.told.push('closed');
  }
  packet(_bytes: number, lost: number): void {
    this.packets++;
    this.lost += lost;
  }

  /** All units one after another. */
  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.frames.map(frame => frame.data)));
  }
}

/** The real path from bytes to frames: delimiter or datagram reader, then intake. */
export class Receiver {
  readonly clock = new HandClock();
  readonly tally = new Tally();
  readonly settings: Settings;
  readonly intake: MediaIntake;
  readonly messages: Message[] = [];
  readonly packets: Packet[] = [];
  readonly #known: readonly string[];

  constructor(options: { settings?: Partial<Settings>; known?: readonly string[] } = {}) {
    this.settings = { ...defaultSettings(), ...options.settings };
    this.#known = options.known ?? [];
    const { clock, tally, settings } = this;
    this.intake = new MediaIntake({ clock, tally, settings, log: silentLog });
  }

  expect(terminal: string, channel: number, stream: StreamUse = 'main'): Recording {
    const recording = new Recording();
    this.intake.expect({ terminal, channel, stream }, recording);
    return recording;
  }

  connect(id = 'tcp-1'): { source: MediaSource; delimiter: Delimiter } {
    const source: MediaSource = { id, transport: 'tcp', remote: `${id}:1`, localAddress: '127.0.0.1' };
    const { tally, settings } = this;
    const delimiter = new Delimiter({
      tally,
      settings,
      knows: terminal => this.#known.includes(terminal),
      sink: {
        message: message => this.messages.push({ header: message.header, body: Uint8Array.from(message.body) }),
        packet: packet => {
          this.packets.push({ ...packet, payload: Uint8Array.from(packet.payload) });
          this.intake.packet(source, packet);
        },
      },
    });
    return { source, delimiter };
  }

  udpSource(id = 'udp-1'): MediaSource {
    return { id, transport: 'udp', remote: `${id}:1`, localAddress: '127.0.0.1' };
  }

  datagram(source: MediaSource, bytes: Uint8Array): void {
    readDatagram(bytes, {
      tally: this.tally,
      settings: this.settings,
      knows: terminal => this.#known.includes(terminal),
      packet: packet => {
        this.packets.push({ ...packet, payload: Uint8Array.from(packet.payload) });
        this.intake.packet(source, packet);
      },
    });
  }

  /** Time passes in steps of the intake's tick. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 20) {
      this.clock.ms += Math.min(left, 20);
      this.intake.tick();
    }
  }
}
