import type { StreamKind } from '../../electron/contract.ts';
import { type Arrangement, isShown } from './arrangement.ts';

/**
 * Which encoding a cell needs: main for the one picture that fills the wall, sub in every grid, none for what nobody
 * sees. A vehicle's uplink and its owner's data bill pay for anything more.
 */
export function wantedStream(a: Arrangement, cell: number, pageHidden: boolean): StreamKind | null {
  if (pageHidden || !isShown(a, cell)) return null;
  return a.layout === 1 || a.maximised === cell ? 'main' : 'sub';
}
