import type { TFunction } from 'i18next';
import { type ErrorCode, errorCodes, type Notice } from '../../electron/contract.ts';
import { alarmWords } from '../fleet/vehicle-words.ts';
import { en } from '../i18n/en/words.ts';

/** A notice in words. A text that this console does not know comes from a newer server: its key is better than silence. */
export function noticeWords(notice: Pick<Notice, 'text' | 'params'>, t: TFunction): string {
  const { code, reason, protocol, alarms, videoAlarms } = notice.params;
  const key = notice.text in en.notice ? (notice.text as keyof typeof en.notice) : 'unknown';
  return t(`notice.${key}`, {
    ...notice.params,
    text: notice.text,
    reason:
      typeof code === 'string' && code in errorCodes ? t(`error.${code as ErrorCode}`) : String(reason ?? code ?? ''),
    protocol: String(protocol ?? '').toUpperCase(),
    words: alarmWords({ alarms: Number(alarms ?? 0), videoAlarms: Number(videoAlarms ?? 0) }, t).join(', '),
  });
}
