import type { TFunction } from 'i18next';
import {
  type DoctorCause,
  type DoctorReport,
  type DoctorStep,
  type ErrorCode,
  errorCodes,
} from '../../electron/contract.ts';
import { en } from '../i18n/en/words.ts';

type Looks = keyof typeof en.doctor.looks;
type Limit = keyof typeof en.doctor.limit;

/** A cause in a sentence. Codes and kinds among its params are put into words first. */
export function causeWords({ cause, params }: DoctorCause, t: TFunction): string {
  const { code, looks, limit } = params;
  const isCode = typeof code === 'string' && code in errorCodes;
  return t(`doctor.cause.${cause}`, {
    ...params,
    protocol: String(params.protocol ?? '').toUpperCase(),
    reason: isCode ? t(`error.${code as ErrorCode}`) : String(code ?? ''),
    looksWords: looksWords(String(looks ?? 'binary'), t),
    limitWords: limitWords(String(limit ?? ''), t),
  });
}

export function looksWords(looks: string, t: TFunction): string {
  return looks in en.doctor.looks ? t(`doctor.looks.${looks as Looks}`) : looks;
}

export function limitWords(limit: string, t: TFunction): string {
  return limit in en.doctor.limit ? t(`doctor.limit.${limit as Limit}`) : limit;
}

/** `14:32:08.417`, this computer's zone. */
export function stepTime(at: number): string {
  const time = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** `+12 ms`, `+3.4 s`, `+2 min`; empty when the step before has no time, or came later. */
export function sincePrevious(ms: number): string {
  return ms < 0 ? '' : `+${duration(ms)}`;
}

/** `12 ms`, `3.4 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** Each step's distance in time from the one done before it, ms; undefined where there is none. */
export function distances(steps: readonly DoctorStep[]): (number | undefined)[] {
  let before = 0;
  return steps.map(({ at, state }) => {
    if (at === 0 || state !== 'done') return undefined;
    const distance = before === 0 ? undefined : at - before;
    before = Math.max(before, at);
    return distance;
  });
}

/** What was asked for again just now has been waited for longer than since then. */
const leastWaitMs = 1000;

/** How long a step without a time of its own was waited for, ms: from the last one done before it. Undefined where none was. */
export function waitedFor(steps: readonly DoctorStep[], step: DoctorStep, now: number): number | undefined {
  const last = Math.max(0, ...steps.slice(0, steps.indexOf(step)).map(({ at, state }) => (state === 'done' ? at : 0)));
  return step.at === 0 && last > 0 && now - last >= leastWaitMs ? now - last : undefined;
}

/** The step at which everything stands: the first that failed, else the first that is waited for. */
export function standstill(steps: readonly DoctorStep[]): DoctorStep | undefined {
  return steps.find(({ state }) => state === 'failed') ?? steps.find(({ state }) => state === 'waiting');
}

/** For a support mail: everything that the sheet shows, bytes included. */
export function reportText(title: string, { at, steps, refusals }: DoctorReport, t: TFunction): string {
  const lines = [`${t('doctor.copied')}: ${title}`, new Date(at).toISOString(), ''];
  for (const step of steps) {
    const time = step.at === 0 ? '' : ` ${new Date(step.at).toISOString()}`;
    lines.push(`[${t(`doctor.state.${step.state}`)}] ${t(`doctor.step.${step.step}`)}${time}`);
    if (step.proof) lines.push(`    ${step.proof.text}`);
    if (step.proof?.hex) lines.push(`    ${step.proof.hex}`);
    for (const cause of step.causes) {
      lines.push(`    - ${causeWords(cause, t)}${cause.setting ? ` (${cause.setting})` : ''}`);
    }
  }
  if (refusals.length > 0) lines.push('', t('doctor.refusals'));
  for (const row of refusals) {
    const { remote, transport, sim, channel, payloadType, packets, why, hex } = row;
    lines.push(
      `${transport.toUpperCase()} ${remote} SIM ${sim} CH ${channel} PT ${payloadType} × ${packets}: ${t(`doctor.refusal.${why}`)}`,
    );
    lines.push(`    ${hex}`);
  }
  return lines.join('\n');
}
