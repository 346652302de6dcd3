import type { Clock } from '../../clock.ts';
import { liveClose, liveCommand, liveDataType, liveStream } from '../../codec/jt808/body/live-media.ts';
import type { Settings } from '../../config.ts';
import { type ErrorCode, errorCodes, type TalkMode, type TalkPhase, type TalkRow } from '../../contract.ts';
import type { MediaTarget } from '../../device/live-orders.ts';
import type { AudioPacket } from '../../frames/frame.ts';
import type { IntakeSink } from '../../frames/media-intake.ts';
import type { MediaSource } from '../../frames/media-source.ts';
import { addressOf } from '../../frames/silent-sources.ts';
import type { Log } from '../../log.ts';
import type { MediaKey } from '../../stream-key.ts';
import type { Tally } from '../../tally.ts';
import { AacSpeaker } from './aac-speaker.ts';
import type { AacVoices } from './aac-voices.ts';
import { type HeardSound, heardSound, type TalkSound, talkSound } from './talk-sound.ts';
import { type Speaker, TalkSpeaker } from './talk-speaker.ts';
import type { TalkDevices, TalkIntake } from './talks.ts';

export const talkDataTypes = {
  talk: liveDataType.talk,
  monitor: liveDataType.listen,
  broadcast: liveDataType.broadcast,
} as const satisfies Record<TalkMode, number>;

/** A connection that has said nothing for so long says nothing by habit, ms. */
const silentMs = 2000;

/** Answers by which a terminal itself says no. */
const refusals: readonly ErrorCode[] = ['commandFailed', 'commandBadMessage', 'commandUnsupported'];

export interface TalkSessionParts {
  readonly talk: number;
  readonly terminal: string;
  readonly channel: number;
  readonly mode: TalkMode;
  readonly devices: TalkDevices;
  readonly intake: TalkIntake;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
  /** Of the talk, for terminals that take AAC. */
  readonly voices: AacVoices;
  /** A stream of this channel is watched or recorded now. */
  isWatched(): boolean;
  sound(packet: AudioPacket): void;
  /** Bytes that went to the terminal. */
  sent(bytes: number): void;
  changed(session: TalkSession): void;
}

/**
 * One terminal that is talked with: 0x9101 of data type 2, 3 or 4, the connection that it opens for it, and what goes out on
 * that.
 *
 * ```
 * opening → ready ⇄ talking → closed        the terminal's connection ends, or whoever talks does
 *    ↓ refused, closed                      it said no; it is away, did not answer, or opened no connection in time
 * ```
 *
 * A terminal that does not answer but connects is as ready as one that does both. A connection is known by the first packet on
 * it, as for every stream; it may be the signalling one.
 */
export class TalkSession implements IntakeSink {
  readonly terminal: string;
  readonly #parts: TalkSessionParts;
  readonly #key: MediaKey;
  #phase: TalkPhase = 'opening';
  #since: number;
  #error: { code: ErrorCode; message: string } | undefined;
  #payloadType = 0;
  #bytesOut = 0;
  #bytesIn = 0;
  #source: MediaSource | undefined;
  #sim: Uint8Array = new Uint8Array(0);
  #heard: HeardSound | undefined;
  #speaker: Speaker | undefined;
  #speaks = false;
  #ended = false;
  /** Monotonic ms. */
  #askedAt = 0;
  #heardAt = 0;
  #cancelWait: () => void = () => undefined;

  constructor(parts: TalkSessionParts) {
    this.#parts = parts;
    this.terminal = parts.terminal;
    this.#since = parts.clock.now();
    this.#key = { terminal: parts.terminal, channel: parts.channel, stream: 'talk' };
  }

  get isOver(): boolean {
    return this.#phase === 'refused' || this.#phase === 'busy' || this.#phase === 'closed';
  }

  get error(): { code: ErrorCode; message: string } | undefined {
    return this.#error;
  }

  get row(): TalkRow {
    const { talk, terminal, channel, mode } = this.#parts;
    return {
      id: `${talk}_${terminal}`,
      talk,
      vehicleId: terminal,
      channel,
      mode,
      phase: this.#phase,
      since: this.#since,
      payloadType: this.#payloadType,
      bytesOut: this.#bytesOut,
      bytesIn: this.#bytesIn,
      ...(this.#error && { error: this.#error }),
      ...(this.#ended && { ended: true as const }),
    };
  }

  /** Asks the terminal. */
  open(): void {
    const { devices, intake, clock, settings } = this.#parts;
    const target = devices.mediaTarget(this.terminal);
    if (!target.ok) {
      this.#over('closed', target.code, target.message);
      return;
    }
    intake.expect(this.#key, this);
    this.#cancelWait = clock.after(settings.talkOpenMs, () => {
      this.#parts.tally.add('talk.notConnected');
      this.#finish('talkNotConnected');
    });
    void this.#ask(target.value);
  }

  /** Why it cannot begin. */
  fail(phase: 'busy' | 'closed', code: ErrorCode, message: string): void {
    this.#over(phase, code, message);
  }

  speak(on: boolean): void {
    if (this.isOver || this.#parts.mode === 'monitor') return;
    this.#speaks = on;
    if (!on) this.#speaker?.finish();
    if (!this.#source) return;
    if (on && !this.#makeSpeaker()) return;
    this.#enter(on ? 'talking' : 'ready');
  }

  /** Microphone sound; nothing happens to it unless the talk is open and this console speaks. @param samples 8 kHz */
  push(samples: Int16Array): void {
    if (this.#phase !== 'talking') return;
    this.#makeSpeaker()?.push(samples);
  }

  /** Ends the talk; the last change of its row. */
  close(): void {
    if (!this.isOver) this.#finish(undefined);
    this.#ended = true;
    this.#parts.changed(this);
  }

  /** About once a second: the connection is wanted however quiet it is, and one that says nothing may be this terminal's. */
  tick(): void {
    if (this.isOver) return;
    this.#source?.keep?.();
    if (!this.#source) this.#lookForSilent();
    else if (this.#isVanished()) this.#over('closed', 'terminalGone', errorCodes.terminalGone);
  }

  online(): void {
    if (this.isOver || this.#source) return;
    const target = this.#parts.devices.mediaTarget(this.terminal);
    if (target.ok) void this.#ask(target.value);
  }

  offline(): void {
    if (!this.isOver && !this.#source) this.#over('closed', 'terminalGone', errorCodes.terminalGone);
  }

  removed(): void {
    if (!this.isOver) this.#over('closed', 'unknownTerminal', 'the terminal was removed');
  }

  // ---------------------------------------------------------------------------------------------- from the media intake

  sourceOpened(source: MediaSource, sim: Uint8Array): void {
    if (this.isOver) return;
    this.#cancelWait();
    this.#source = source;
    this.#heardAt = this.#parts.clock.monotonic();
    this.#sim = sim;
    if (this.#speaker) this.#speaker.source = source;
    const { tally, log, mode } = this.#parts;
    log.info({ terminal: this.terminal, peer: source.remote, transport: source.transport, mode }, 'talk connected');
    tally.add('talk.connected');
    if (this.#speaks && !this.#makeSpeaker()) return;
    this.#enter(this.#speaks ? 'talking' : 'ready');
  }

  sourceClosed(): void {
    this.#source = undefined;
    if (!this.isOver) this.#over('closed', 'closedByPeer', errorCodes.closedByPeer);
  }

  /** What began with sound was no talk: the connection is still to come. */
  sourceMistaken(): void {
    this.#source = undefined;
    this.#heard = undefined;
    this.#dropSpeaker();
    if (this.isOver) return;
    this.#cancelWait = this.#parts.clock.after(this.#parts.settings.talkOpenMs, () => this.#finish('talkNotConnected'));
    this.#enter('opening');
  }

  /** A terminal that listens says nothing; over UDP its address may change meanwhile. */
  isResting(): boolean {
    return this.#parts.mode === 'broadcast' || this.#source?.transport === 'tcp';
  }

  packet(): void {}
  frame(): void {}
  gap(): void {}

  audio(packet: AudioPacket): void {
    if (this.isOver) return;
    this.#bytesIn += packet.data.length;
    this.#heardAt = this.#parts.clock.monotonic();
    if (!this.#heard) this.#learn(heardSound(packet));
    if (this.#parts.mode !== 'broadcast') this.#parts.sound(packet);
  }

  /** Its signalling connection is gone, and of this one nothing is heard: a connection that is half open says nothing more. */
  #isVanished(): boolean {
    const { devices, clock, settings } = this.#parts;
    const isOnline = devices.get(this.terminal)?.state === 'online';
    return !isOnline && clock.monotonic() - this.#heardAt >= settings.lostAfterMs;
  }

  /**
   * A terminal that only listens need not send anything. Its connection is taken for its own where no other vehicle's can be
   * meant: it came after the request, from the terminal's address, is the only silent one from there, and nobody else is
   * connected from there.
   */
  #lookForSilent(): void {
    const { devices, intake, clock, tally } = this.#parts;
    const vehicle = devices.get(this.terminal);
    if (!vehicle || this.#phase !== 'opening') return;
    const [found, ...others] = intake.silent.from(vehicle.remote, this.#askedAt);
    if (!found || others.length > 0 || clock.monotonic() - found.openedAt < silentMs) return;
    const address = addressOf(vehicle.remote);
    const isAlone = devices
      .list()
      .every(({ id, state, remote }) => id === vehicle.id || state !== 'online' || addressOf(remote) !== address);
    if (!isAlone) return;
    tally.add('talk.silentTaken');
    const { source } = found;
    intake.silent.hold(source, { spoke: () => this.sourceMistaken(), closed: () => this.sourceClosed() });
    this.sourceOpened(source, Buffer.from(vehicle.headerId, 'hex'));
  }

  #learn(heard: HeardSound): void {
    this.#heard = heard;
    if (!this.#speaker) return;
    // Spoken to before it was heard: what it sends says more.
    this.#dropSpeaker();
    this.#makeSpeaker();
  }

  async #ask(target: MediaTarget): Promise<void> {
    const { devices, channel, mode } = this.#parts;
    const { address, tcpPort, udpPort } = target;
    this.#askedAt = this.#parts.clock.monotonic();
    const asked = await devices.command(this.terminal, 0x9101, {
      ...{ address, tcpPort, udpPort, channel },
      dataType: talkDataTypes[mode],
      stream: liveStream.main,
    });
    if (asked.ok || this.isOver || this.#source) return;
    const { code, message } = asked;
    this.#parts.tally.add(refusals.includes(code) ? 'talk.refused' : 'talk.unanswered');
    if (refusals.includes(code)) this.#over('refused', code, message);
    // It may not have heard, or its answer was lost: then it is told that nobody waits.
    else this.#finish(code, message);
  }

  /** Undefined, and the talk is over, when the terminal's coding cannot be made. */
  #makeSpeaker(): Speaker | undefined {
    if (this.#speaker) return this.#speaker;
    const { devices, tally } = this.#parts;
    const sound = talkSound(devices.get(this.terminal)?.capabilities, this.#heard);
    if (!this.#source) return undefined;
    const speaker = sound && this.#speakerOf(sound, this.#source);
    if (!speaker) {
      tally.add('talk.noEncoder');
      this.#finish('talkCodec');
      return undefined;
    }
    this.#payloadType = sound.payloadType;
    this.#speaker = speaker;
    return speaker;
  }

  #speakerOf(sound: TalkSound, source: MediaSource): Speaker | undefined {
    const { clock, tally, settings, channel, voices } = this.#parts;
    const sent = (bytes: number) => {
      this.#bytesOut += bytes;
      this.#parts.sent(bytes);
    };
    const parts = { clock, tally, settings, sim: this.#sim, channel, sent };
    if (sound.kind === 'packets') return new TalkSpeaker({ ...parts, sound }, source);
    const speaker = new AacSpeaker({ ...parts, sound, failed: () => this.#finish('talkCodec') }, source);
    speaker.leave = voices.join(sound.terms, speaker);
    return speaker.leave && speaker;
  }

  #dropSpeaker(): void {
    this.#speaker?.stop();
    this.#speaker = undefined;
  }

  /** Ends it on the terminal too. */
  #finish(code: ErrorCode | undefined, message?: string): void {
    const { devices, channel, mode } = this.#parts;
    const isTalk = mode === 'talk';
    // Of a channel whose picture is watched only the sound may be closed.
    const close = !isTalk && this.#parts.isWatched() ? liveClose.audio : liveClose.all;
    const command = isTalk ? liveCommand.closeTalk : liveCommand.close;
    void devices.command(this.terminal, 0x9102, { channel, command, close, stream: liveStream.main });
    this.#over('closed', code, message);
  }

  #letGo(): void {
    if (this.#source) this.#parts.intake.silent.release(this.#source);
    this.#source = undefined;
  }

  #over(phase: 'refused' | 'busy' | 'closed', code: ErrorCode | undefined, message?: string): void {
    this.#cancelWait();
    this.#dropSpeaker();
    this.#letGo();
    if (code) this.#error = { code, message: message ?? errorCodes[code] };
    // Another session may be the one that is expected: a busy terminal's.
    if (phase !== 'busy') this.#parts.intake.forget(this.#key);
    this.#enter(phase);
  }

  #enter(phase: TalkPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#since = this.#parts.clock.now();
    this.#parts.changed(this);
  }
}
