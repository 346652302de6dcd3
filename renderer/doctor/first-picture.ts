import type { TFunction } from 'i18next';
import type { DoctorStep } from '../../electron/contract.ts';
import type { PlayerSnapshot } from '../player/player.ts';
import type { TileState } from '../store/tiles.ts';
import { codecName } from '../wall/figures.ts';

/** The last step, which only this console can tell: whether its own player shows the picture. */
export function firstPictureStep(
  tile: TileState | undefined,
  player: PlayerSnapshot | undefined,
  t: TFunction,
): DoctorStep {
  const step = 'firstPicture' as const;
  if (!tile || tile.kind === 'paused')
    return { step, state: 'waiting', at: 0, causes: [{ cause: 'consoleNotShowing', params: {} }] };
  if (tile.kind === 'undecodable') {
    const why = t(`undecodable.${tile.reason ?? 'codec'}`, {
      codec: codecName(tile.codec, t),
      payloadType: tile.payloadType ?? t('figure.unknown'),
    });
    return { step, state: 'failed', at: 0, causes: [{ cause: 'consoleCannotDecode', params: { why } }] };
  }
  // A picture from before the stream was lost is no picture of this one.
  const isPresent = tile.kind === 'live' || tile.kind === 'stalled';
  if (!tile.hasPicture || !isPresent || !player) return { step, state: 'waiting', at: 0, causes: [] };
  const { width, height, engine, framesPresented, firstPictureAt } = player;
  const text = `${width} × ${height}, ${engine}, ${framesPresented} / ${player.framesReceived}`;
  return { step, state: 'done', at: firstPictureAt ?? 0, proof: { text }, causes: [] };
}
