import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const style =
  'html{color-scheme:light dark;font:16px system-ui,sans-serif}' +
  'form{display:grid;gap:.75rem;max-width:22rem;margin:20vh auto 0;padding:0 1rem}' +
  'input,button{font:inherit;padding:.5rem}';
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but the form, and the form goes nowhere but to this door. */
export const tokenPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** True for a person's browser that opens a page; programs and `/api/` are answered in JSON. */
export function wantsTokenPage(request: IncomingMessage, url: URL): boolean {
  const isPage = request.method === 'GET' && !url.pathname.startsWith('/api/');
  return isPage && (request.headers.accept ?? '').includes('text/html');
}

/** Asks for the token, in both languages of the console; what else the address carried is kept. */
export function tokenPage(url: URL): string {
  const kept = [...url.searchParams]
    .filter(([name]) => name !== 'token')
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const wrong = url.searchParams.has('token') ? '<p role="alert">This token is wrong. 令牌不正确。</p>' : '';
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Convoy</title><style>${style}</style>` +
    `<form method="get">${wrong}<label for="token">Token of the web door · 网页端令牌</label>` +
    '<input id="token" name="token" type="password" required autofocus autocomplete="current-password">' +
    `${kept.join('')}<button>Enter · 进入</button></form></html>`
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`);
}
