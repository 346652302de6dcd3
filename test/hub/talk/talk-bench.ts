import { defaultSettings, type Settings } from '../../../electron/config.ts';
import type { Result, StreamRow, TalkRow, Vehicle } from '../../../electron/contract.ts';
import type { AudioPacket } from '../../../electron/frames/frame.ts';
import type { IntakeSink } from '../../../electron/frames/media-intake.ts';
import type { MediaSource } from '../../../electron/frames/media-source.ts';
import { SilentSources } from '../../../electron/frames/silent-sources.ts';
import type { AacMaker, AacTerms } from '../../../electron/hub/talk/aac-voice.ts';
import { type TalkHold, Talks } from '../../../electron/hub/talk/talks.ts';
import { silentLog } from '../../../electron/log.ts';
import { type MediaKey, streamName } from '../../../electron/stream-key.ts';
import { Tally } from '../../../electron/tally.ts';
import { ManualClock } from '../../accept/manual-clock.ts';
import { vehicle } from '../../ipc/small-desk.ts';

export const bus = '13912345678';
export const van = '13900000002';

export interface Sent {
  readonly terminal: string;
  readonly id: number;
  readonly value: Record<string, number | string>;
  answer(result: Result<unknown>): void;
}

/** Talks with the vehicles' side played by hand: what was asked, what is expected, what was sent over which connection. */
export class TalkBench {
  readonly clock = new ManualClock();
  readonly tally = new Tally();
  readonly settings: Settings;
  readonly talks: Talks;
  readonly vehicles = new Map<string, Vehicle>([bus, van].map(id => [id, vehicle(id)]));
  readonly asked: Sent[] = [];
  readonly expected = new Map<string, IntakeSink>();
  readonly rows: TalkRow[] = [];
  readonly makers: HandMadeAac[] = [];
  readonly streams: StreamRow[] = [];
  readonly silent = new SilentSources(this.clock);

  constructor(settings: Partial<Settings> = {}) {
    this.settings = { ...defaultSettings(), ...settings };
    const target = { address: '10.0.0.1', tcpPort: 6611, udpPort: 6611 };
    this.talks = new Talks({
      ...{ clock: this.clock, tally: this.tally, settings: this.settings, log: silentLog },
      devices: {
        get: id => this.vehicles.get(id),
        list: () => [...this.vehicles.values()],
        mediaTarget: () => ({ ok: true, value: target }),
        command: (terminal, id, value) =>
          new Promise(answer => this.asked.push({ terminal, id, value: value as Sent['value'], answer })),
      },
      intake: {
        expect: (key: MediaKey, sink: IntakeSink) => this.expected.set(streamName(key), sink),
        forget: (key: MediaKey) => this.expected.delete(streamName(key)),
        silent: this.silent,
      },
      streams: { rows: () => this.streams },
      aac: (terms, frame) => {
        const maker = new HandMadeAac(terms, frame);
        this.makers.push(maker);
        return maker;
      },
      changed: row => this.rows.push(row),
    });
  }

  open(mode: 'talk' | 'monitor' | 'broadcast' = 'talk', vehicleIds: readonly string[] = [bus]) {
    const told: { sounds: AudioPacket[]; end?: string } = { sounds: [] };
    const opened = this.talks.open(
      { vehicleIds, channel: 1, mode },
      {
        sound: packet => told.sounds.push(packet),
        ended: code => {
          told.end = code;
        },
      },
    );
    return { opened, told, hold: opened.ok ? opened.value : (undefined as unknown as TalkHold) };
  }

  /** The terminal's connection, with its first packet. */
  connect(terminal: string, transport: 'tcp' | 'udp' = 'tcp'): Uint8Array[] {
    const sent: Uint8Array[] = [];
    const source: MediaSource = {
      ...{ id: 'a', transport, remote: '10.0.0.9:5000', localAddress: '10.0.0.1' },
      send: bytes => sent.push(bytes) > 0,
    };
    this.sink(terminal).sourceOpened(source, new Uint8Array(6));
    return sent;
  }

  sink(terminal: string): IntakeSink {
    const sink = this.expected.get(`${terminal}_1_talk`);
    if (!sink) throw new Error(`no talk is expected of ${terminal}`);
    return sink;
  }

  phase(terminal: string): string | undefined {
    return this.rows.findLast(row => row.vehicleId === terminal)?.phase;
  }

  /** Lets promises that are settled run on. */
  settled(): Promise<void> {
    return new Promise(done => setImmediate(done));
  }
}

/** An encoder that is asked for frames by hand. */
export class HandMadeAac implements AacMaker {
  readonly waiting = 0;
  readonly terms: AacTerms;
  readonly frame: (data: Uint8Array) => void;
  samples = 0;
  isClosed = false;

  constructor(terms: AacTerms, frame: (data: Uint8Array) => void) {
    this.terms = terms;
    this.frame = frame;
  }

  add(samples: Int16Array): void {
    this.samples += samples.length;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

export const no = (code: 'commandFailed' | 'commandTimeout'): Result<unknown> => ({ ok: false, code, message: '' });
