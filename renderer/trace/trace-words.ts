import type { TFunction } from 'i18next';
import type { TraceRow } from '../../electron/contract.ts';

/** What is in a trace, in a sentence; nothing is said of what there is none of. */
export function contentWords(row: TraceRow, t: TFunction): string {
  const { messagesIn, messagesOut, packetsIn, packetsOut, junk, connections } = row;
  if (messagesIn + messagesOut + packetsIn + packetsOut + junk === 0) return t('trace.nothing');
  const parts = [
    t('trace.messages', { in: messagesIn, out: messagesOut }),
    ...(packetsIn > 0 ? [t('trace.packets', { count: packetsIn })] : []),
    ...(packetsOut > 0 ? [t('trace.talk', { count: packetsOut })] : []),
    ...(junk > 0 ? [t('trace.junk', { count: junk })] : []),
    t('trace.connections', { count: connections }),
  ];
  return parts.join(' · ');
}
