import type { PlayerSnapshot } from '../player/player.ts';

/** Age of the picture on a tile in ms: as the player sees it, else from the last frame's arrival; undefined without one. */
export function pictureAge(snapshot: PlayerSnapshot | undefined, now: number): number | undefined {
  if (!snapshot) return undefined;
  const { state, status } = snapshot;
  if ('ageMs' in state) return state.ageMs;
  return status && status.lastFrameAt > 0 ? now - status.lastFrameAt : undefined;
}
