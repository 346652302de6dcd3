import { AddressRate } from '../accept/address-rate.ts';
import { replyResult } from '../codec/jt808/body/general-reply.ts';
import { registrationResult } from '../codec/jt808/body/registration.ts';
import type { Message } from '../codec/jt808/frame.ts';
import { type MessageValues, readMessage } from '../codec/jt808/messages.ts';
import { hexDigits } from '../codec/terminal-id.ts';
import { carriesCode, newAuthCode } from './auth-code.ts';
import type { Roster } from './roster.ts';
import type { Session, SessionParts } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Longest text of a registration that is kept; the fields hold 30 bytes and a plate a dozen. */
const maxText = 64;

export interface EnrolmentSinks {
  /** Something that is shown or kept changed. */
  changed(terminal: Terminal): void;
  /** Pushed out of the full roster. */
  evicted(id: string): void;
  /** Somebody at another address registers as a terminal that is connected; told once for each of its sessions. */
  elsewhere(terminal: Terminal, address: string): void;
}

/** Who may come in: 0x0100 and 0x0102 (808-2013 §8.5 to 8.8). */
export class Enrolment {
  readonly #roster: Roster;
  readonly #shared: SessionParts;
  readonly #sinks: EnrolmentSinks;
  /** The setting `registrationsPerMinutePerAddress`. */
  readonly #rate = new AddressRate(60);

  constructor(roster: Roster, shared: SessionParts, sinks: EnrolmentSinks) {
    this.#roster = roster;
    this.#shared = shared;
    this.#sinks = sinks;
  }

  /**
   * 0x0100: answers 0x8100, with the terminal's code when it may come in.
   * @param received what came: the message itself, or the part that completed it
   */
  register(session: Session, message: Message, received: Message): void {
    const { clock, settings, tally, log } = this.#shared;
    const rate = settings.registrationsPerMinutePerAddress;
    if (!this.#rate.take(session.link.remoteAddress, rate, clock.monotonic())) {
      tally.add('device.registrationRate');
      this.#shared.evidence?.overRate(session);
      return;
    }
    const reading = readMessage(message);
    if (typeof reading !== 'object' || reading.id !== 0x0100) {
      tally.add('device.badRegistration');
      session.acknowledge(received, replyResult.badMessage);
      return;
    }
    const answer = (result: number, authCode = '') =>
      session.send(0x8100, { replySerial: message.header.serial, result, authCode });
    const terminal = this.#find(session, message);
    if (!terminal) {
      log.warn({ terminal: session.terminal, peer: session.link.remote }, 'the roster is full, terminal refused');
      answer(registrationResult.unknownTerminal);
      return;
    }
    this.#describe(terminal, reading.value);
    if (!this.#mayEnter(terminal)) {
      tally.add('device.registrationPending');
      answer(registrationResult.unknownTerminal);
    } else {
      this.#watch(terminal, session);
      terminal.record.code ||= newAuthCode();
      answer(registrationResult.ok, terminal.record.code);
    }
    this.#sinks.changed(terminal);
  }

  /**
   * 0x0102: true when the code is the terminal's. Answers 0x8001 either way; one that is refused registers anew, also
   * one whose code came from another platform.
   */
  authenticate(session: Session, message: Message, received: Message): boolean {
    const { clock, settings, tally, log } = this.#shared;
    let terminal = this.#roster.get(session.terminal);
    if (!terminal && settings.registration === 'list') {
      const rate = settings.registrationsPerMinutePerAddress;
      if (this.#rate.take(session.link.remoteAddress, rate, clock.monotonic())) {
        terminal = this.#find(session, message);
        if (terminal) this.#sinks.changed(terminal);
      }
    }
    const accepted = terminal?.record.admitted === true && carriesCode(message, terminal.record.code);
    if (!terminal || !accepted) {
      tally.add(terminal ? 'device.wrongCode' : 'device.unknownCode');
      log.debug({ terminal: session.terminal, peer: session.link.remote }, 'authentication refused');
      session.acknowledge(received, replyResult.failed);
      return false;
    }
    const { record } = terminal;
    record.headerId = hexDigits(message.header.phone);
    if (message.header.version === '2019') record.version = '2019';
    else if (record.version === '2019') record.version = '2013';
    record.authenticatedAt = clock.now();
    session.acknowledge(received);
    return true;
  }

  /** @param now monotonic ms */
  sweep(now: number): void {
    this.#rate.sweep(this.#shared.settings.registrationsPerMinutePerAddress, now);
  }

  #find(session: Session, message: Message): Terminal | undefined {
    const headerId = hexDigits(message.header.phone);
    const now = this.#shared.clock.now();
    let terminal = this.#roster.get(session.terminal);
    if (!terminal) {
      const added = this.#roster.add(session.terminal, headerId, now);
      if (!added) return undefined;
      if (added.evicted !== undefined) this.#sinks.evicted(added.evicted);
      terminal = added.terminal;
    }
    terminal.record.headerId = headerId;
    terminal.record.remote = session.link.remote;
    terminal.record.lastSeenAt = now;
    return terminal;
  }

  /** 808 knows no secret before the code: whoever names the phone is given it. That it happened is all one can say. */
  #watch(terminal: Terminal, { link }: Session): void {
    const { session: present } = terminal;
    if (!present || present.link.remoteAddress === link.remoteAddress) return;
    this.#shared.tally.add('device.registeredElsewhere');
    if (present.isWarnedOf) return;
    present.isWarnedOf = true;
    this.#sinks.elsewhere(terminal, link.remoteAddress);
  }

  #mayEnter(terminal: Terminal): boolean {
    if (this.#shared.settings.registration === 'open') terminal.record.admitted = true;
    return terminal.record.admitted;
  }

  /** A field that came empty leaves what was known. */
  #describe({ record }: Terminal, value: MessageValues[256]): void {
    record.version = value.layout;
    record.maker = clipped(value.maker) || record.maker;
    record.model = clipped(value.model) || record.model;
    const plate = clipped(value.plate);
    if (plate === '') return;
    record.plate = plate;
    record.plateColor = value.plateColor;
  }
}

function clipped(text: string): string {
  return text.replaceAll('\0', '').trim().slice(0, maxText);
}
