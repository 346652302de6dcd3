import type { Clock } from '../../clock.ts';
import type { Settings } from '../../config.ts';
import type { ErrorCode, Result, StreamRow, TalkMode, TalkRow, Vehicle } from '../../contract.ts';
import type { DataUse } from '../../device/data-use.ts';
import type { MediaTarget } from '../../device/live-orders.ts';
import { fail } from '../../errors.ts';
import type { AudioPacket } from '../../frames/frame.ts';
import type { IntakeSink } from '../../frames/media-intake.ts';
import type { SilentSources } from '../../frames/silent-sources.ts';
import type { Log } from '../../log.ts';
import type { MediaKey } from '../../stream-key.ts';
import type { Tally } from '../../tally.ts';
import type { MakeAac } from './aac-voice.ts';
import { AacRoom, AacVoices } from './aac-voices.ts';
import { TalkSession } from './talk-session.ts';

/** Figures of open talks are told this often, and their connections kept. */
const tickMs = 1000;

/** The signalling side, as talks use it. */
export interface TalkDevices {
  get(id: string): Vehicle | undefined;
  list(): Vehicle[];
  mediaTarget(id: string): Result<MediaTarget>;
  command(id: string, messageId: number, value: unknown): Promise<Result<unknown>>;
}

/** The media side: only what is expected is let in. */
export interface TalkIntake {
  expect(key: MediaKey, sink: IntakeSink): void;
  forget(key: MediaKey): void;
  readonly silent: Pick<SilentSources, 'from' | 'hold' | 'release'>;
}

export interface TalksParts {
  readonly devices: TalkDevices;
  readonly intake: TalkIntake;
  readonly streams: { rows(): StreamRow[] };
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
  /** Encodes for terminals that take AAC. */
  readonly aac: MakeAac;
  /** Where vehicles' bytes are counted. */
  readonly dataUse?: DataUse;
  changed(row: TalkRow): void;
}

export interface TalkAsk {
  readonly vehicleIds: readonly string[];
  readonly channel: number;
  readonly mode: TalkMode;
}

/** Who opened a talk. */
export interface TalkListener {
  /** What the cab says. */
  sound(packet: AudioPacket): void;
  /** The last call: it ended by itself. A broadcast does so only when it is closed from elsewhere. */
  ended(code: ErrorCode, message: string): void;
}

/** A console's hold on a talk. */
export interface TalkHold {
  readonly talk: number;
  readonly rows: TalkRow[];
  speak(on: boolean): void;
  /** @param samples 8 kHz, one channel; not to be changed afterwards */
  push(samples: Int16Array): void;
  /** The listener is not called any more. */
  close(): void;
}

interface Talk {
  readonly voices: AacVoices;
  readonly sessions: readonly TalkSession[];
  readonly listener: TalkListener;
  readonly isSingle: boolean;
  isSpoken: boolean;
}

/** Every talk, monitor and broadcast; one at a time with a terminal. */
export class Talks {
  readonly #parts: TalksParts;
  readonly #talks = new Map<number, Talk>();
  /** Those that are not over, by terminal. */
  readonly #byTerminal = new Map<string, TalkSession>();
  readonly #aacRoom: AacRoom;
  #opened = 0;
  #stopTicking: (() => void) | undefined;

  constructor(parts: TalksParts) {
    this.#parts = parts;
    this.#aacRoom = new AacRoom(() => parts.settings.maxTalkEncoders);
  }

  /** Refuses with badRequest, tooManySubscriptions and, of a single vehicle, with why it cannot be talked with. */
  open(ask: TalkAsk, listener: TalkListener): Result<TalkHold> {
    const { settings, tally } = this.#parts;
    const vehicles = [...new Set(ask.vehicleIds.map(id => this.#parts.devices.get(id)?.id ?? id))];
    if (vehicles.length === 0 || (ask.mode !== 'broadcast' && vehicles.length > 1))
      return fail('badRequest', 'only a broadcast goes to several vehicles');
    if (vehicles.length > settings.maxTalkVehicles)
      return fail('badRequest', `${vehicles.length} vehicles, of ${settings.maxTalkVehicles} at most`);
    if (this.#talks.size >= settings.maxTalks) {
      tally.add('talk.tooMany');
      return fail('tooManySubscriptions', `${this.#talks.size} talks are open`);
    }
    const isSingle = ask.mode !== 'broadcast';
    const hindrance = isSingle ? this.#hindrance(vehicles[0]!) : undefined;
    if (hindrance) return hindrance;
    const talk = ++this.#opened;
    const { aac: make } = this.#parts;
    const voices = new AacVoices({ make, tally, settings, room: this.#aacRoom });
    const sessions = vehicles.map(id => this.#session(talk, id, ask, voices));
    for (const session of sessions) this.#begin(session);
    const failure = isSingle ? sessions[0]?.error : undefined;
    if (failure) {
      sessions[0]?.close();
      return fail(failure.code, failure.message);
    }
    this.#talks.set(talk, { sessions, voices, listener, isSingle, isSpoken: false });
    this.#stopTicking ??= this.#parts.clock.every(tickMs, () => this.#tick());
    return {
      ok: true,
      value: {
        talk,
        rows: sessions.map(session => session.row),
        speak: on => this.#speak(talk, on),
        push: samples => this.#push(talk, samples),
        close: () => this.#end(talk),
      },
    };
  }

  /** From whichever console. Refuses with unknownTalk. */
  close(talk: number): Result<null> {
    const found = this.#talks.get(talk);
    if (!found) return fail('unknownTalk', String(talk));
    this.#end(talk);
    found.listener.ended('talkClosed', 'it was closed from another place');
    return { ok: true, value: null };
  }

  rows(): TalkRow[] {
    return [...this.#talks.values()].flatMap(({ sessions }) => sessions.map(session => session.row));
  }

  vehicleOnline(id: string): void {
    this.#byTerminal.get(id)?.online();
  }

  vehicleOffline(id: string): void {
    this.#byTerminal.get(id)?.offline();
  }

  vehicleRemoved(id: string): void {
    this.#byTerminal.get(id)?.removed();
  }

  /** Ends every talk; terminals are told. */
  shutDown(): void {
    for (const talk of [...this.#talks.keys()]) this.#end(talk);
  }

  #session(talk: number, terminal: string, { channel, mode }: TalkAsk, voices: AacVoices): TalkSession {
    const { devices, intake, streams, clock, tally, settings, log } = this.#parts;
    return new TalkSession({
      ...{ talk, terminal, channel, mode, devices, intake, clock, tally, settings, log, voices },
      isWatched: () => streams.rows().some(row => row.vehicleId === terminal && row.channel === channel),
      sent: bytes => {
        const use = this.#parts.dataUse?.known(terminal);
        if (use) use.talk += bytes;
      },
      sound: packet => this.#talks.get(talk)?.listener.sound(packet),
      changed: session => this.#changed(talk, session),
    });
  }

  #begin(session: TalkSession): void {
    const hindrance = this.#hindrance(session.terminal);
    if (hindrance) {
      session.fail(hindrance.code === 'talkBusy' ? 'busy' : 'closed', hindrance.code, hindrance.message);
      return;
    }
    this.#byTerminal.set(session.terminal, session);
    this.#parts.changed(session.row);
    session.open();
  }

  /** Why a terminal cannot be talked with now. */
  #hindrance(id: string): Extract<Result<never>, { ok: false }> | undefined {
    const vehicle = this.#parts.devices.get(id);
    if (!vehicle) return fail('unknownTerminal', id);
    if (vehicle.state === 'pending') return fail('terminalPending', vehicle.plate || id);
    if (vehicle.state === 'offline') return fail('terminalOffline', vehicle.plate || id);
    if (!this.#byTerminal.has(id)) return undefined;
    this.#parts.tally.add('talk.busy');
    return fail('talkBusy', vehicle.plate || id);
  }

  #changed(talk: number, session: TalkSession): void {
    if (session.isOver && this.#byTerminal.get(session.terminal) === session) this.#byTerminal.delete(session.terminal);
    this.#parts.changed(session.row);
    const found = this.#talks.get(talk);
    if (!found?.isSingle || !session.isOver) return;
    const { code, message } = session.error ?? { code: 'closedByPeer' as const, message: '' };
    this.#end(talk);
    found.listener.ended(code, message);
  }

  #speak(id: number, on: boolean): void {
    const talk = this.#talks.get(id);
    if (!talk) return;
    talk.isSpoken = on;
    for (const session of talk.sessions) session.speak(on);
    if (!on) talk.voices.finish();
  }

  #push(id: number, samples: Int16Array): void {
    const talk = this.#talks.get(id);
    if (!talk?.isSpoken) return;
    talk.voices.push(samples);
    for (const session of talk.sessions) session.push(samples);
  }

  #end(talk: number): void {
    const found = this.#talks.get(talk);
    if (!found) return;
    this.#talks.delete(talk);
    for (const session of found.sessions) session.close();
    found.voices.close();
    if (this.#talks.size > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #tick(): void {
    for (const session of this.#byTerminal.values()) {
      session.tick();
      this.#parts.changed(session.row);
    }
  }
}
