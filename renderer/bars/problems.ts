import type { TFunction } from 'i18next';
import type { Health } from '../../electron/contract.ts';
import { byteSize } from '../wall/figures.ts';

/** Above this the server's loop delays frames noticeably, ms. */
export const slowLoopMs = 100;

export type Problem =
  | { kind: 'portFailed'; name: string; error: NonNullable<Health['listening'][number]['error']> }
  | { kind: 'noPorts' }
  | { kind: 'loopSlow'; p99: number }
  /** Less than was asked of the kernel loses bursts of 1078 packets. */
  | { kind: 'bufferSmall'; bytes: number; wanted: number };

export function portName(entry: Health['listening'][number]): string {
  return `${entry.protocol.toUpperCase()} ${entry.port}`;
}

/** What a person should look at, most urgent first. */
export function problemsOf(health: Health): Problem[] {
  const problems: Problem[] = [];
  for (const entry of health.listening)
    if (entry.error) problems.push({ kind: 'portFailed', name: portName(entry), error: entry.error });
  if (!health.listening.some(entry => entry.protocol !== 'http' && entry.protocol !== 'ftp' && !entry.error))
    problems.push({ kind: 'noPorts' });
  if (health.loopP99 > slowLoopMs) problems.push({ kind: 'loopSlow', p99: health.loopP99 });
  const { udpReceiveBuffer: bytes, udpReceiveBufferAsked: wanted } = health;
  if (bytes > 0 && bytes < wanted) problems.push({ kind: 'bufferSmall', bytes, wanted });
  return problems;
}

export function problemWords(problem: Problem, t: TFunction): string {
  switch (problem.kind) {
    case 'portFailed':
      return t('health.portFailed', { name: problem.name, reason: t(`error.${problem.error}`) });
    case 'noPorts':
      return t('health.noPorts');
    case 'loopSlow':
      return t('health.loopSlow', { p99: problem.p99.toFixed(0) });
    case 'bufferSmall':
      return t('health.bufferSmall', { size: byteSize(problem.bytes), wanted: problem.wanted });
  }
}

/** `TCP 7611 · UDP/TCP 6611`: what is open, ports that are open in both ways named once. */
export function listeningWords(health: Health): string {
  const byPort = new Map<number, string[]>();
  for (const { protocol, port, error } of health.listening) {
    if (error || protocol === 'http' || protocol === 'ftp') continue;
    byPort.set(port, [...(byPort.get(port) ?? []), protocol.toUpperCase()]);
  }
  return [...byPort].map(([port, names]) => `${names.sort().reverse().join('/')} ${port}`).join(' · ');
}
