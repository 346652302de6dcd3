import type { Message } from '../codec/jt808/frame.ts';
import type { MessageId, MessageValues } from '../codec/jt808/messages.ts';
import { normaliseTerminalId } from '../codec/terminal-id.ts';
import type { Result, Transport, Vehicle } from '../contract.ts';
import { fail } from '../errors.ts';
import type { StreamKey } from '../stream-key.ts';
import { queryCapabilities } from './capability-query.ts';
import type { DataUse } from './data-use.ts';
import { Enrolment } from './enrolment.ts';
import type { Link } from './link.ts';
import { closeLive, type MediaTarget, mediaTarget, openLive, reportLive } from './live-orders.ts';
import type { Receive } from './received.ts';
import { Roster } from './roster.ts';
import { type GiveNotice, RosterStore } from './roster-store.ts';
import { type CommandOptions, isAnswered, type Session, type SessionParts } from './session.ts';
import { SessionTable } from './session-table.ts';
import { overrideOf } from './sound-override.ts';
import type { Terminal } from './terminal.ts';
import { Uplink, widen } from './uplink.ts';
import { maxChannelName, maxGroupName, type VehicleEdit } from './vehicle-edit.ts';

const sweepMs = 1000;

export interface TerminalsOptions extends SessionParts {
  /** Folder that keeps the roster. */
  readonly dataDir: string;
  /** Ports in force, 0 while one is not open; `udp` is that of media. */
  ports(): { signal: number; media: number; udp: number };
  /** Something visible of the vehicle changed. */
  changed(id: string): void;
  /** The vehicle is no longer in the roster. */
  removed(id: string): void;
  /** It authenticated, or did so again on another connection: what it was asked before is void. */
  online(id: string): void;
  offline(id: string): void;
  readonly notice: GiveNotice;
  /** Where vehicles' bytes are counted. */
  readonly dataUse?: DataUse;
  /** Absent where nobody makes use of what vehicles say beside what is shown. */
  readonly received?: Receive;
}

/** Every terminal, and the sessions of those that are connected. */
export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #roster: Roster;
  readonly #store: RosterStore;
  readonly #enrolment: Enrolment;
  readonly #uplink: Uplink;
  readonly #sessions: SessionTable;
  readonly #stopSweep: () => void;

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#roster = new Roster(options.settings, options.tally);
    this.#store = new RosterStore(options);
    this.#sessions = new SessionTable(options);
    const changed = (terminal: Terminal) => this.#changed(terminal);
    this.#enrolment = new Enrolment(this.#roster, options, {
      changed,
      evicted: id => this.#options.removed(id),
      elsewhere: ({ record }, address) =>
        options.notice('warning', 'registeredElsewhere', { vehicle: record.plate || record.id, address }),
    });
    this.#uplink = new Uplink(options, {
      changed: terminal => this.#options.changed(terminal.record.id),
      loggedOut: (terminal, session) => this.#loggedOut(terminal, session),
      received: received => options.received?.(received) ?? false,
    });
    this.#stopSweep = options.clock.every(sweepMs, () => this.#sweep());
  }

  /** Reads the roster of the last run; to be awaited before the first message. Never rejects. */
  async open(): Promise<void> {
    this.#roster.restore(await this.#store.load(() => this.#roster.records()));
  }

  /** Fails what waits and writes the roster. */
  async close(): Promise<void> {
    this.#stopSweep();
    for (const session of this.#sessions.all()) session.end('shuttingDown');
    await this.#store.close();
  }

  // ------------------------------------------------------------------------------------------------- from connections

  /** One 808 message, whole or a sub-package. Never throws for what is in it. */
  message(link: Link, message: Message): void {
    const { header } = message;
    const session = this.#sessions.of(link, header);
    if (!session) return;
    session.heard(header);
    session.use[header.id === 0x0801 ? 'pictures' : 'signalIn'] += frameLength(message);
    this.#options.evidence?.heard(session, message);
    if (header.id !== 0x0102 && header.id !== 0x0002) session.isSignalling = true;
    if (header.id === 0x0100 || header.id === 0x0102) {
      const whole = session.joined(message);
      if (whole && header.id === 0x0100) this.#enrolment.register(session, whole, message);
      else if (whole && this.#enrolment.authenticate(session, whole, message)) this.#authenticated(session);
      return;
    }
    const terminal = this.#roster.get(session.terminal);
    if (!terminal || !session.isAuthenticated) {
      this.#refuse(session, message);
      return;
    }
    if (terminal.session !== session && this.#mayTakeOver(session, terminal.session)) this.#takeOver(terminal, session);
    terminal.record.lastSeenAt = this.#options.clock.now();
    this.#store.changed(terminal.record, false);
    const whole = session.joined(message);
    if (whole) this.#uplink.take(terminal, session, whole, message);
  }

  linkClosed(link: Link): void {
    const sessions = this.#sessions.closed(link);
    this.#options.evidence?.linkClosed(
      link,
      sessions.map(({ terminal }) => terminal),
    );
    for (const session of sessions) this.#ended(session);
  }

  /** Media of the terminal names a channel. */
  sawChannel(id: string, channel: number): void {
    const terminal = this.#find(id);
    if (terminal && widen(terminal, channel, this.#options.settings.defaultChannels)) this.#changed(terminal);
  }

  // ----------------------------------------------------------------------------------------------------- what is known

  /** By id in any spelling. */
  get(id: string): Vehicle | undefined {
    const terminal = this.#find(id);
    return terminal && this.#roster.vehicle(terminal);
  }

  list(): Vehicle[] {
    return Array.from(this.#roster.terminals(), terminal => this.#roster.vehicle(terminal));
  }

  /** Terminals in the roster, and those of them that are connected. Cheaper than `list`. */
  counts(): { known: number; online: number } {
    let online = 0;
    for (const { session } of this.#roster.terminals()) if (session) online++;
    return { known: this.#roster.size, online };
  }

  /** In the roster and admitted. */
  isKnown(id: string): boolean {
    return this.#find(id)?.record.admitted === true;
  }

  isOnline(id: string): boolean {
    return this.#find(id)?.session !== undefined;
  }

  /** Message ids that terminals sent and no table knows, most frequent first. */
  unknownMessages(): { id: string; count: number }[] {
    return this.#uplink.unknown.rows();
  }

  // --------------------------------------------------------------------------------------------------------- commands

  /**
   * Sends any command of the message table. Fails with unknownTerminal, terminalPending, terminalOffline, badRequest,
   * tooManyCommands, terminalGone, commandTimeout, or with what the terminal answered.
   */
  async command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>> {
    const found = this.#connected(id);
    return found.ok ? found.value.session.command(messageId, value, options) : found;
  }

  /**
   * Address and ports that a terminal is told to send its media to. Refuses as `command` does, and with listenFailed.
   * @param transport what is offered; absent: what the vehicle's live streams are
   */
  mediaTarget(id: string, transport?: Transport): Result<MediaTarget> {
    const found = this.#connected(id);
    if (!found.ok) return found;
    const { terminal, session } = found.value;
    const { settings, ports } = this.#options;
    const offered = transport ?? terminal.record.transport ?? settings.transport;
    const target = mediaTarget(session, offered, ports(), settings);
    return target.tcpPort + target.udpPort > 0
      ? { ok: true, value: target }
      : fail('listenFailed', 'no media port is open');
  }

  /** Sends and expects nothing. False when the terminal is not connected. @throws RangeError for a value that does not fit */
  send<Id extends MessageId>(id: string, messageId: Id, value: MessageValues[Id]): boolean {
    return this.#find(id)?.session?.send(messageId, value) ?? false;
  }

  /** 0x9101. `target` says where the terminal was told to send: `10.4.2.7 UDP 6611 / TCP 6611`. */
  async openStream(key: StreamKey): Promise<Result<{ target: string }>> {
    const found = this.#connected(key.terminal);
    if (!found.ok) return found;
    const { terminal, session } = found.value;
    const { settings, ports } = this.#options;
    const target = mediaTarget(session, terminal.record.transport ?? settings.transport, ports(), settings);
    return openLive(session, key, target, terminal.isSoundOnly(key.channel));
  }

  isSoundOnly(id: string, channel: number): boolean {
    return this.#find(id)?.isSoundOnly(channel) ?? false;
  }

  /** 0x9102, when the terminal is connected. */
  closeStream(key: StreamKey): void {
    const session = this.#find(key.terminal)?.session;
    if (session) closeLive(session, key);
  }

  /** 0x9105, when the terminal is connected. @param ratio packets lost of packets sent, 0 to 1 */
  reportLoss(key: StreamKey, ratio: number): void {
    const session = this.#find(key.terminal)?.session;
    if (session) reportLive(session, key, ratio);
  }

  // ------------------------------------------------------------------------------------------------- operator's words

  update(id: string, edit: VehicleEdit): Result<Vehicle> {
    const terminal = this.#find(id);
    if (!terminal) return fail('unknownTerminal', id);
    const names = Object.entries(edit.channelNames ?? {});
    if (names.some(([channel]) => !/^[1-9]\d{0,2}$/.test(channel) || Number(channel) > 255))
      return fail('badRequest', 'channels are 1 to 255');
    const { record } = terminal;
    if (edit.group !== undefined) record.group = edit.group.trim().slice(0, maxGroupName);
    if (edit.transport !== undefined) record.transport = edit.transport;
    if (edit.dataAllowanceMb === -1) delete record.dataAllowanceMb;
    else if (edit.dataAllowanceMb !== undefined) record.dataAllowanceMb = edit.dataAllowanceMb;
    if (edit.sound !== undefined) record.sound = overrideOf(record.sound, edit.sound);
    for (const [channel, name] of names) {
      const kept = name.trim().slice(0, maxChannelName);
      if (kept) record.channelNames[channel] = kept;
      else delete record.channelNames[channel];
    }
    this.#changed(terminal);
    return { ok: true, value: this.#roster.vehicle(terminal) };
  }

  /** A pending terminal may register; it does so by itself when it tries again. */
  admit(id: string): Result<Vehicle> {
    const terminal = this.#find(id);
    if (!terminal) return fail('unknownTerminal', id);
    if (!terminal.record.admitted) {
      terminal.record.admitted = true;
      this.#changed(terminal);
    }
    return { ok: true, value: this.#roster.vehicle(terminal) };
  }

  /** Its code is void, so that a terminal that is connected or returns begins with 0x0100. */
  forget(id: string): Result<null> {
    const terminal = this.#find(id);
    if (!terminal) return fail('unknownTerminal', id);
    const known = terminal.record.id;
    this.#roster.remove(known);
    for (const session of this.#sessions.named(known))
      if (this.#sessions.drop(session)) session.link.close('unknownTerminal');
    if (terminal.session) this.#offline(terminal);
    this.#store.changed(undefined, true);
    this.#options.dataUse?.forget(known);
    this.#options.evidence?.forget(known);
    this.#options.removed(known);
    return { ok: true, value: null };
  }

  // --------------------------------------------------------------------------------------------------------- sessions

  #authenticated(session: Session): void {
    const terminal = this.#roster.get(session.terminal) as Terminal;
    session.isAuthenticated = true;
    this.#count(session);
    terminal.record.lastSeenAt = this.#options.clock.now();
    if (terminal.session === session) return;
    if (this.#mayTakeOver(session, terminal.session)) this.#takeOver(terminal, session);
    else this.#options.tally.add('device.authenticatedAside');
  }

  /**
   * Terminals exist that authenticate and beat on their media connection too: that must not move the session. On the
   * media port a connection takes over only when there is no other, or when both are there and it does more than that,
   * or when the other, half open perhaps, carried nothing since before it came, for a third of the silence that ends it.
   */
  #mayTakeOver(session: Session, present: Session | undefined): boolean {
    if (!present || !this.#isOnMediaPort(session)) return true;
    if (!this.#isOnMediaPort(present)) return false;
    const { clock, settings } = this.#options;
    const age = clock.monotonic() - session.openedAt;
    return session.isSignalling || (present.quiet() > age && age >= settings.heartbeatTimeoutMs / 3);
  }

  #isOnMediaPort({ link }: Session): boolean {
    return link.localPort === this.#options.ports().media;
  }

  #takeOver(terminal: Terminal, session: Session): void {
    const { record } = terminal;
    const { clock, tally, log } = this.#options;
    const old = terminal.session;
    terminal.session = session;
    terminal.onlineSince = clock.now();
    record.remote = session.link.remote;
    this.#options.evidence?.settled(session);
    if (old) {
      tally.add('device.takenOver');
      log.info({ terminal: record.id, from: old.link.remote, to: session.link.remote }, 'terminal connected again');
      // A media connection that stood in for the missing signalling one goes on carrying media.
      if (this.#isOnMediaPort(old) && !this.#isOnMediaPort(session)) old.end('terminalGone');
      else if (this.#sessions.drop(old)) old.link.close('takenOver');
    }
    this.#changed(terminal);
    this.#options.online(record.id);
    queryCapabilities(session, clock, () => terminal.session === session);
  }

  /** What a stranger sent until it was let in is the vehicle's too. */
  #count(session: Session): void {
    const use = this.#options.dataUse?.of(session.terminal);
    if (!use || use === session.use) return;
    use.signalIn += session.use.signalIn;
    use.signalOut += session.use.signalOut;
    session.use = use;
  }

  #ended(session: Session): void {
    session.isAuthenticated = false;
    session.end('terminalGone');
    const terminal = this.#roster.get(session.terminal);
    if (terminal?.session === session) this.#offline(terminal);
  }

  #offline(terminal: Terminal): void {
    terminal.session = undefined;
    terminal.onlineSince = 0;
    this.#options.offline(terminal.record.id);
    if (this.#roster.get(terminal.record.id) === terminal) this.#changed(terminal);
  }

  /** 808-2013 §8.7: terminal and platform part; the next thing is a registration. */
  #loggedOut(terminal: Terminal, session: Session): void {
    terminal.record.code = '';
    this.#store.changed(terminal.record, true);
    this.#options.evidence?.loggedOut(session);
    this.#ended(session);
  }

  #refuse(session: Session, message: Message): void {
    const { id } = message.header;
    this.#options.evidence?.stranger(session, message);
    if (id === 0x0002) {
      session.acknowledge(message);
      return;
    }
    this.#options.tally.add('device.notAuthenticated');
    if (isAnswered(id)) session.acknowledge(message, 1);
  }

  #sweep(): void {
    const { clock, settings, tally, log } = this.#options;
    const now = clock.monotonic();
    this.#enrolment.sweep(now);
    for (const session of this.#sessions.all()) {
      session.requestParts();
      if (now - session.heardAt < settings.heartbeatTimeoutMs) continue;
      if (this.#roster.get(session.terminal)?.session !== session) continue;
      const { link } = session;
      tally.add('device.silent');
      log.info({ terminal: session.terminal, peer: link.remote }, 'terminal fell silent');
      this.#options.evidence?.fellSilent(session);
      this.#ended(session);
      if (this.#sessions.drop(session) && !this.#isOnMediaPort(session)) link.close('peerIdle');
    }
  }

  #changed(terminal: Terminal): void {
    this.#store.changed(terminal.record, true);
    this.#options.changed(terminal.record.id);
  }

  #find(id: string): Terminal | undefined {
    return this.#roster.get(id) ?? this.#roster.get(normaliseTerminalId(id));
  }

  #connected(id: string): Result<{ terminal: Terminal; session: Session }> {
    const terminal = this.#find(id);
    if (!terminal) return fail('unknownTerminal', id);
    if (!terminal.record.admitted) return fail('terminalPending', terminal.record.id);
    if (!terminal.session) return fail('terminalOffline', terminal.record.id);
    return { ok: true, value: { terminal, session: terminal.session } };
  }
}

/** Bytes of a frame on the wire, but for escapes. */
function frameLength({ header, body }: Message): number {
  return body.length + (header.version === '2019' ? 20 : 15) + (header.part ? 4 : 0);
}
