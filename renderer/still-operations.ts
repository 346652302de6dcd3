import { canShowSaved, showSaved } from './bridge.ts';
import { clockTime } from './i18n/age.ts';
import { fileTime, type Operations, saveFile } from './operations.ts';
import type { Station } from './station.ts';
import { type Camera, isShown } from './wall/arrangement.ts';

/** How long a tile that was photographed is lighter (ms). */
const flashMs = 260;

/** Pictures of tiles, saved as files. */
export class StillOperations {
  readonly #station: Station;
  readonly #operations: Operations;
  #lastSaved = '';

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** The chosen tile as it is shown: live, or paused with the time at which it stands. */
  async save(cell = this.#station.wall.getState().focus): Promise<void> {
    await this.#saveCells([cell]);
  }

  /** Every tile that is shown, each into a file of its own. */
  async saveAll(): Promise<void> {
    const arrangement = this.#station.wall.getState();
    await this.#saveCells([...arrangement.cells.keys()].filter(cell => isShown(arrangement, cell)));
  }

  /** Shows the file that was saved last in its folder; a browser keeps its downloads itself. */
  showSaved(): void {
    if (!this.#lastSaved) this.#operations.remark('nothingSaved', {}, 'warning');
    else if (canShowSaved()) showSaved(this.#lastSaved);
    else this.#operations.remark('inDownloads', { name: this.#lastSaved });
  }

  /** Saves one picture under its camera's name and the clock; its name. */
  keep(still: Blob, camera: Camera, at: number): string {
    this.#lastSaved = saveFile(still, `${this.#operations.cameraTitle(camera)}_${fileTime(at)}.png`);
    return this.#lastSaved;
  }

  tell(names: readonly string[], at: number): void {
    const [first] = names;
    if (first === undefined) this.#operations.remark('noPicture', {}, 'warning');
    else if (names.length === 1) this.#operations.remark('snapshot', { name: first }, 'info', 'showSaved');
    else this.#operations.remark('snapshots', { count: names.length, time: clockTime(at) }, 'info', 'showSaved');
  }

  flash(selector: string): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const frames = [{ filter: 'brightness(2.2)' }, { filter: 'none' }];
    document.querySelector(selector)?.animate(frames, { duration: flashMs, easing: 'ease-out' });
  }

  async #saveCells(cells: readonly number[]): Promise<void> {
    const { wall, reviews, pool } = this.#station;
    const now = Date.now();
    const names: string[] = [];
    // All of one moment: asked for together, saved one after the other.
    const taken = cells.flatMap(cell => {
      const camera = wall.getState().cells[cell];
      if (!camera) return [];
      const isPaused = reviews.has(camera);
      const still = isPaused ? reviews.captureStill(camera) : pool.captureStill(camera);
      return [{ cell, camera, at: isPaused ? reviews.at(camera) : now, still: still?.catch(() => undefined) }];
    });
    for (const { cell, camera, at, still } of taken) {
      const picture = await still;
      if (!picture) continue;
      this.flash(`[data-testid="tile-${cell}"]`);
      names.push(this.keep(picture, camera, at));
    }
    this.tell(names, taken.length === 1 ? taken[0]!.at : now);
  }
}
