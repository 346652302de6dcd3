const largest = 8;

/** Enlarges a part of a picture: the wheel around the mouse, dragging moves it, a click with the right button gives it back. */
export class DigitalZoom {
  readonly #host: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #changed: (scale: number) => void;
  readonly #abort = new AbortController();
  #scale = 1;
  /** Where the picture's corner is, in widths and heights of the pane: 0 or less. */
  #x = 0;
  #y = 0;

  /** @param changed told the scale, 1 to 8 */
  constructor(host: HTMLElement, picture: HTMLElement, changed: (scale: number) => void) {
    this.#host = host;
    this.#picture = picture;
    this.#changed = changed;
    const { signal } = this.#abort;
    host.addEventListener('wheel', event => this.#wheel(event), { signal, passive: false });
    host.addEventListener('pointerdown', event => this.#down(event), { signal });
    host.addEventListener(
      'contextmenu',
      event => {
        event.preventDefault();
        this.reset();
      },
      { signal },
    );
  }

  get scale(): number {
    return this.#scale;
  }

  close(): void {
    this.#abort.abort();
    this.reset();
  }

  /** @param x, y what stays where it is, 0 to 1 of the pane; its middle when left out */
  zoom(factor: number, x = 0.5, y = 0.5): void {
    const before = this.#scale;
    this.#scale = Math.min(largest, Math.max(1, before * factor));
    // Steps of a fifth down do not quite undo those of a quarter up.
    if (this.#scale < 1.01) this.#scale = 1;
    this.#x = x - ((x - this.#x) * this.#scale) / before;
    this.#y = y - ((y - this.#y) * this.#scale) / before;
    this.#apply();
  }

  /** By parts of the pane; what is looked at goes to the right with a positive `x`, down with a positive `y`. */
  pan(x: number, y: number): void {
    this.#x -= x;
    this.#y -= y;
    this.#apply();
  }

  reset(): void {
    this.#scale = 1;
    this.#apply();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.#host.getBoundingClientRect();
    this.zoom(
      event.deltaY < 0 ? 1.25 : 0.8,
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    );
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#scale === 1) return;
    const { signal } = this.#abort;
    this.#host.setPointerCapture(event.pointerId);
    const move = (each: PointerEvent): void => {
      const box = this.#host.getBoundingClientRect();
      this.pan(-each.movementX / box.width, -each.movementY / box.height);
    };
    this.#host.addEventListener('pointermove', move, { signal });
    this.#host.addEventListener('pointerup', () => this.#host.removeEventListener('pointermove', move), {
      once: true,
      signal,
    });
  }

  #apply(): void {
    const within = (place: number): number => Math.min(0, Math.max(1 - this.#scale, place));
    this.#x = within(this.#x);
    this.#y = within(this.#y);
    this.#picture.style.transform =
      this.#scale === 1 ? '' : `translate(${this.#x * 100}%, ${this.#y * 100}%) scale(${this.#scale})`;
    this.#changed(this.#scale);
  }
}
