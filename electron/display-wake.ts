/** Electron's powerSaveBlocker, as far as it is used. */
export interface SaverBlocker {
  start(kind: 'prevent-display-sleep'): number;
  stop(id: number): void;
}

/** Keeps the screen from going dark while pictures are live, and only then. */
export class DisplayWake {
  readonly #blocker: SaverBlocker;
  #id: number | undefined;

  constructor(blocker: SaverBlocker) {
    this.#blocker = blocker;
  }

  get held(): boolean {
    return this.#id !== undefined;
  }

  hold(wanted: boolean): void {
    if (wanted === this.held) return;
    if (wanted) this.#id = this.#blocker.start('prevent-display-sleep');
    else {
      this.#blocker.stop(this.#id as number);
      this.#id = undefined;
    }
  }
}
