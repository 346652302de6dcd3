/** Electron's powerSaveBlocker, as far as it is used. */
export interface SaverBlocker {
  start(kind: 'prevent-display-sleep'): number;
  stop(id: number): void;
}

/** Keeps the screen from going dark while pictures are live, and only then; a locked screen shows none and may go dark. */
export class DisplayWake {
  readonly #blocker: SaverBlocker;
  #id: number | undefined;
  #wanted = false;
  #locked = false;

  constructor(blocker: SaverBlocker) {
    this.#blocker = blocker;
  }

  get held(): boolean {
    return this.#id !== undefined;
  }

  hold(wanted: boolean): void {
    this.#wanted = wanted;
    this.#apply();
  }

  lock(locked: boolean): void {
    this.#locked = locked;
    this.#apply();
  }

  #apply(): void {
    const hold = this.#wanted && !this.#locked;
    if (hold === this.held) return;
    if (hold) this.#id = this.#blocker.start('prevent-display-sleep');
    else {
      this.#blocker.stop(this.#id as number);
      this.#id = undefined;
    }
  }
}
