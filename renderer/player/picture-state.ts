import type { ErrorCode, OpeningStep, StreamStatus, VideoCodec } from '../../electron/contract.ts';

/** What a tile shows, said honestly. `ageMs` counts from the last picture that was presented. */
export type PictureState =
  | { kind: 'opening'; step?: OpeningStep }
  | { kind: 'live' }
  /** There was a picture, and for `ageMs` no new one. */
  | { kind: 'stalled'; ageMs: number }
  /** After a loss, until the next key frame. */
  | { kind: 'waiting'; ageMs: number }
  | { kind: 'lost'; ageMs: number }
  | { kind: 'offline' }
  | { kind: 'refused'; code: ErrorCode; message: string }
  /** `reason` is a key of the console's dictionary under `undecodable.`. */
  | { kind: 'undecodable'; codec: VideoCodec; payloadType?: number; reason: UndecodableReason }
  | { kind: 'ended'; code: ErrorCode; message: string };

/**
 * h265: this PC has no H.265 decoder · codec: a codec that no browser decodes (AVS, SVAC, unknown) ·
 * h264: the page has neither MSE nor WebCodecs for H.264.
 */
export type UndecodableReason = 'h264' | 'h265' | 'codec';

/** No picture for this long is never called live (ms). */
export const liveWithinMs = 2000;

export interface PictureInputs {
  status?: StreamStatus | undefined;
  end?: { code: ErrorCode; message: string } | undefined;
  undecodable?: { codec: VideoCodec; payloadType?: number; reason: UndecodableReason } | undefined;
  /** Time since a picture was presented, ms; undefined before the first. */
  pictureAgeMs?: number | undefined;
  /** The player itself waits for a key frame, after a gap. */
  awaitsKey: boolean;
}

/** The server's word and the player's own eyes; the worse of the two is told. */
export function pictureState(inputs: PictureInputs): PictureState {
  const { status, end, undecodable, pictureAgeMs: ageMs, awaitsKey } = inputs;
  if (end) return { kind: 'ended', code: end.code, message: end.message };
  if (status?.phase === 'offline') return { kind: 'offline' };
  if (status?.phase === 'refused')
    return {
      kind: 'refused',
      code: status.error?.code ?? 'commandFailed',
      message: status.error?.message ?? '',
    };
  if (status?.phase === 'lost') return ageMs === undefined ? opening(status) : { kind: 'lost', ageMs };
  if (undecodable) return { kind: 'undecodable', ...undecodable };
  if (ageMs === undefined || status?.phase === 'opening' || status?.phase === 'closed') return opening(status);
  if (status?.phase === 'waiting') return { kind: 'waiting', ageMs };
  if (ageMs > liveWithinMs) return awaitsKey ? { kind: 'waiting', ageMs } : { kind: 'stalled', ageMs };
  if (status?.phase === 'stalled') return { kind: 'stalled', ageMs };
  return { kind: 'live' };
}

function opening(status: StreamStatus | undefined): PictureState {
  const step = status?.steps.at(-1)?.step;
  return step ? { kind: 'opening', step } : { kind: 'opening' };
}

/** Whether the change is one that a tile shows at once; a growing age is not. */
export function sameState(a: PictureState, b: PictureState): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'opening' && b.kind === 'opening') return a.step === b.step;
  if ((a.kind === 'refused' || a.kind === 'ended') && (b.kind === 'refused' || b.kind === 'ended'))
    return a.code === b.code && a.message === b.message;
  if (a.kind === 'undecodable' && b.kind === 'undecodable')
    return a.codec === b.codec && a.reason === b.reason && a.payloadType === b.payloadType;
  return true;
}
