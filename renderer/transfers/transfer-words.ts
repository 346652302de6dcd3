import type { TFunction } from 'i18next';
import type { UploadRow } from '../../electron/contract.ts';
import { ageWords } from '../i18n/age.ts';
import { diskSize } from '../recording/disk-size.ts';
import { bitRate } from '../wall/figures.ts';

export function isOver({ phase }: UploadRow): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'cancelled';
}

/** How far an upload is, or why it is not. */
export function uploadWords(row: UploadRow, t: TFunction): string {
  const { phase, reason, error, bytes, expectedBytes, bitsPerSecond, secondsLeft } = row;
  const size =
    expectedBytes > 0 ? t('transfers.sizeOf', { size: diskSize(bytes), of: diskSize(expectedBytes) }) : diskSize(bytes);
  if (phase === 'failed') return t('transfers.failed', { reason: t(`error.${error?.code ?? 'internal'}`) });
  if (phase === 'done') return t('transfers.done', { size: diskSize(bytes) });
  if (reason === 'offline' && phase !== 'paused') return t('transfers.offline', { size });
  if (phase === 'transferring') {
    const parts = [size];
    if (bitsPerSecond > 0) parts.push(bitRate(bitsPerSecond));
    if (secondsLeft !== null) parts.push(t('transfers.left', { time: ageWords(secondsLeft * 1000, t) }));
    return parts.join(' · ');
  }
  if (phase === 'paused')
    return error
      ? t('transfers.pausedFor', { size, reason: t(`error.${error.code}`) })
      : t('transfers.paused', { size });
  return t(`transfers.phase.${phase}`);
}
