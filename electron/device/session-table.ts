import type { Header } from '../codec/jt808/frame.ts';
import { terminalId } from '../codec/terminal-id.ts';
import type { Link } from './link.ts';
import { Session, type SessionParts } from './session.ts';

/** Terminals on one connection between their registration and their authentication. */
const maxStrangersPerLink = 8;

/** Sessions by connection and terminal; nearly always one per connection. */
export class SessionTable {
  readonly #shared: SessionParts;
  readonly #links = new Map<Link, Map<string, Session>>();

  constructor(shared: SessionParts) {
    this.#shared = shared;
  }

  /** The terminal's on the connection, a new one if need be; undefined when the connection has too many. */
  of(link: Link, header: Header): Session | undefined {
    const id = terminalId(header.phone);
    let sessions = this.#links.get(link);
    if (!sessions) {
      sessions = new Map();
      this.#links.set(link, sessions);
    }
    let session = sessions.get(id);
    if (!session) {
      this.#forgetStrangers(sessions);
      if (sessions.size >= this.#shared.settings.maxTerminalsPerConnection) {
        this.#shared.tally.add('device.tooManyTerminalsOnLink');
        return undefined;
      }
      session = new Session(id, link, header, this.#shared);
      this.#shared.evidence?.peers.recognised(link, 'signal', id);
      sessions.set(id, session);
    }
    return session;
  }

  *all(): Generator<Session> {
    for (const sessions of this.#links.values()) yield* sessions.values();
  }

  /** The terminal's, on every connection. */
  named(id: string): Session[] {
    return [...this.#links.values()].flatMap(sessions => sessions.get(id) ?? []);
  }

  /** Forgets the connection. Returns what it carried. */
  closed(link: Link): Session[] {
    const sessions = this.#links.get(link);
    this.#links.delete(link);
    return [...(sessions?.values() ?? [])];
  }

  /** The session is no more. True when its connection carries no other. */
  drop(session: Session): boolean {
    const sessions = this.#links.get(session.link);
    sessions?.delete(session.terminal);
    session.isAuthenticated = false;
    session.end('terminalGone');
    return !sessions?.size;
  }

  /** Phones are free to make up; only those that authenticated may fill a connection's places. */
  #forgetStrangers(sessions: Map<string, Session>): void {
    if (sessions.size < maxStrangersPerLink) return;
    const strangers = [...sessions.values()].filter(session => !session.isAuthenticated);
    for (const stranger of strangers.slice(0, strangers.length - maxStrangersPerLink + 1)) this.drop(stranger);
  }
}
