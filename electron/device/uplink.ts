import { replyResult } from '../codec/jt808/body/general-reply.ts';
import type { Location } from '../codec/jt808/body/location.ts';
import type { Message } from '../codec/jt808/frame.ts';
import type { BodyDialect } from '../codec/jt808/message-entry.ts';
import { messageEntry, type ReadFault, readMessage } from '../codec/jt808/messages.ts';
import { camerasOf, channelTableId } from './channel-table.ts';
import { positionOf, samePosition } from './position.ts';
import type { Receive } from './received.ts';
import { bodyDialect, isAnswered, type Session, type SessionParts } from './session.ts';
import type { Terminal } from './terminal.ts';
import { isExpectedChannel, statesChannels } from './terminal-record.ts';
import { messageName, UnknownMessages } from './unknown-messages.ts';

export interface UplinkSinks {
  /** Something that is shown changed. */
  changed(terminal: Terminal): void;
  loggedOut(terminal: Terminal, session: Session): void;
  readonly received: Receive;
}

/** What authenticated terminals say, one message at a time. */
export class Uplink {
  readonly unknown = new UnknownMessages();
  readonly #shared: SessionParts;
  readonly #sinks: UplinkSinks;
  readonly #dialect: BodyDialect;

  constructor(shared: SessionParts, sinks: UplinkSinks) {
    this.#shared = shared;
    this.#sinks = sinks;
    this.#dialect = bodyDialect(shared.settings);
  }

  /** @param received what came: the message itself, or the part that completed it */
  take(terminal: Terminal, session: Session, message: Message, received: Message): void {
    const { tally } = this.#shared;
    const { id } = message.header;
    // Vendors' own messages have ids up to 0xFFFF; those of a platform are in the table.
    const mayAnswer = isAnswered(id) || (received === message && !messageEntry(id));
    const answer = (result: number = replyResult.ok) => {
      if (mayAnswer) session.acknowledge(received, result);
    };
    // An answer to a command needs none, but each part of a message does.
    const answerParts = () => {
      if (received !== message) answer();
    };
    const reading = readMessage(message, this.#dialect);
    if (typeof reading === 'string') {
      answer(this.#unread(terminal, message, reading));
      return;
    }
    const unmatched = () => tally.add('device.unmatchedReply');
    // What was not kept may be sent again under the same serials.
    const kept = (result: number) => {
      if (result !== replyResult.ok) session.reopen(message.header);
      answer(result);
    };
    const handOn = () => {
      const { serial, version } = message.header;
      const receivedAt = this.#shared.clock.now();
      return this.#sinks.received({
        vehicleId: terminal.record.id,
        reading,
        serial,
        version,
        receivedAt,
        answer: kept,
      });
    };
    // An answer that nobody waits for may still be what a service makes use of.
    const reply = (replySerial: number | undefined) => {
      if (session.commands.answer(reading.id, replySerial, reading.value)) answerParts();
      else {
        if (replySerial !== undefined) unmatched();
        answer();
      }
      handOn();
    };
    switch (reading.id) {
      case 0x0001:
        if (!session.acknowledged(reading.value)) unmatched();
        return;
      case 0x0002:
        answer();
        return;
      case 0x0003:
        answer();
        this.#sinks.loggedOut(terminal, session);
        return;
      case 0x0005:
        session.sendAgain(reading.value);
        answerParts();
        return;
      case 0x0104:
        for (const parameter of reading.value.parameters)
          if (parameter.id === channelTableId && 'value' in parameter)
            this.#cameras(terminal, camerasOf(parameter.value));
        reply(reading.value.replySerial);
        return;
      case 0x0805:
      case 0x1205:
        reply(reading.value.replySerial);
        return;
      case 0x0107:
        this.#describe(terminal, reading.value.maker, reading.value.model);
        reply(undefined);
        return;
      case 0x0200:
        // First: an alarm is confirmed by the serial of its report.
        handOn();
        this.#locate(terminal, reading.value, true);
        answer();
        return;
      case 0x0201:
        this.#locate(terminal, reading.value.location, true);
        reply(reading.value.replySerial);
        return;
      case 0x0704:
        for (const location of reading.value.locations) this.#locate(terminal, location, false);
        answer();
        handOn();
        return;
      case 0x0801:
        if (!handOn()) kept(replyResult.failed);
        return;
      case 0x1003:
        this.#capabilities(terminal, reading.value);
        reply(undefined);
        return;
      case 0x0705:
      case 0x0800:
      case 0x1005:
      case 0x1206:
        answer();
        handOn();
        return;
      default:
        // Also what an echo sends back: an answer to it would be echoed in turn.
        tally.add('device.wrongDirection');
    }
  }

  /** What 0x8001 says to a message that was not understood. */
  #unread(terminal: Terminal, { header }: Message, fault: ReadFault): number {
    const { tally, log } = this.#shared;
    if (fault === 'unknownId') {
      tally.add('device.unknownMessage');
      this.unknown.add(header.id);
      if (terminal.isNewUnknown(header.id))
        log.info({ terminal: terminal.record.id, message: messageName(header.id) }, 'message is not supported');
      return replyResult.unsupported;
    }
    if (fault === 'encrypted') {
      tally.add('device.encrypted');
      return replyResult.unsupported;
    }
    tally.add('device.badBody');
    log.debug({ terminal: terminal.record.id, message: messageName(header.id), fault }, 'body cannot be read');
    return replyResult.badMessage;
  }

  /** @param isPresent false for stored positions (0x0704), which replace only older ones */
  #locate(terminal: Terminal, location: Location, isPresent: boolean): void {
    const { record } = terminal;
    const position = positionOf(location, this.#shared.clock.now(), !isPresent);
    if (!isPresent && record.position && position.deviceTime <= record.position.deviceTime) return;
    const isNews = !samePosition(record.position, position);
    record.position = position;
    // Vendors set the bits of channels that do not exist; they are believed only where 0x1003 said nothing.
    let isWider = false;
    if (!statesChannels(record))
      for (const channel of [...position.signalLost, ...position.occluded])
        if (widen(terminal, channel, this.#shared.settings.defaultChannels)) isWider = true;
    if (isNews || isWider) this.#sinks.changed(terminal);
  }

  #describe(terminal: Terminal, maker: string, model: string): void {
    const { record } = terminal;
    if ((record.maker || !maker) && (record.model || !model)) return;
    record.maker ||= maker;
    record.model ||= model;
    this.#sinks.changed(terminal);
  }

  #cameras(terminal: Terminal, cameras: NonNullable<Terminal['record']['cameras']>): void {
    const { record } = terminal;
    if (cameras.length === 0 || JSON.stringify(record.cameras) === JSON.stringify(cameras)) return;
    record.cameras = cameras;
    this.#sinks.changed(terminal);
  }

  #capabilities(terminal: Terminal, value: NonNullable<Terminal['record']['capabilities']>): void {
    const { record } = terminal;
    if (JSON.stringify(record.capabilities) === JSON.stringify(value)) return;
    record.capabilities = value;
    this.#sinks.changed(terminal);
  }
}

/** Adds a channel beyond those that are shown anyway. True when it is new. */
export function widen({ record }: Terminal, channel: number, defaultChannels: number): boolean {
  if (!(Number.isInteger(channel) && channel >= 1 && channel <= 255)) return false;
  if (isExpectedChannel(record, channel, defaultChannels) || record.extraChannels.includes(channel)) return false;
  record.extraChannels.push(channel);
  return true;
}
