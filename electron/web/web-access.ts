import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../loopback.ts';

export interface AccessSettings {
  readonly webHost: string;
  readonly webToken: string;
}

export type Refusal = { readonly status: 401 | 403; readonly reason: 'unauthorized' | 'badHost' | 'badOrigin' };

const cookieName = 'convoy';

/**
 * Who may enter. The threats: a stranger on the network (token), a page of another site in an operator's browser (Origin),
 * and such a page whose host name was pointed at 127.0.0.1 (Host).
 */
export class WebAccess {
  /** As it was when the door opened: a new one is in force after a restart, in the cookies too. */
  readonly #token: string;
  readonly #loopback: boolean;

  constructor(settings: AccessSettings) {
    this.#token = settings.webToken;
    this.#loopback = isLoopback(settings.webHost);
  }

  /** Why this request may not enter; undefined when it may. */
  refuse(request: IncomingMessage, url: URL): Refusal | undefined {
    if (this.#loopback && !isLoopbackHostHeader(request.headers.host)) return { status: 403, reason: 'badHost' };
    if (!this.#hasToken(request, url)) return { status: 401, reason: 'unauthorized' };
    return undefined;
  }

  /** For what changes state or opens a channel: a browser must come from this door's own pages. */
  refuseOrigin(request: IncomingMessage): Refusal | undefined {
    const { origin, host } = request.headers;
    if (origin === undefined) return undefined;
    const same = URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
    return same ? undefined : { status: 403, reason: 'badOrigin' };
  }

  /** True when the address itself carries the right token, so that a cookie can take its place. */
  namesToken(url: URL): boolean {
    const given = url.searchParams.get('token');
    return this.#token !== '' && given !== null && this.#matches(given, this.#token);
  }

  /** `Set-Cookie` for a browser that gave the token. The cookie's value is derived from the token, not the token. */
  cookie(secure: boolean): string {
    return `${cookieName}=${this.#cookieValue()}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }

  #hasToken(request: IncomingMessage, url: URL): boolean {
    if (this.#token === '') return this.#loopback;
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.#matches(bearer, this.#token);
    if (this.namesToken(url)) return true;
    const cookie = readCookie(request.headers.cookie, cookieName);
    return cookie !== undefined && this.#matches(cookie, this.#cookieValue());
  }

  #cookieValue(): string {
    return createHmac('sha256', this.#token).update('convoy web door').digest('base64url');
  }

  /** Hashes first: `timingSafeEqual` wants equal lengths, and a length is a hint. */
  #matches(given: string, expected: string): boolean {
    return timingSafeEqual(digest(given), digest(expected));
  }
}

function digest(text: string): Buffer {
  return createHmac('sha256', 'convoy').update(text).digest();
}

function isLoopbackHostHeader(header: string | undefined): boolean {
  const address = `http://${header ?? ''}`;
  return URL.canParse(address) && isLoopback(new URL(address).hostname);
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
