const largest = 8;

/** Enlarges a part of a picture: the wheel around the mouse, dragging moves it, a click with the right button gives it back. */
export class DigitalZoom {
  readonly #host: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #abort = new AbortController();
  #scale = 1;
  #x = 0;
  #y = 0;

  constructor(host: HTMLElement, picture: HTMLElement) {
    this.#host = host;
    this.#picture = picture;
    const { signal } = this.#abort;
    host.addEventListener('wheel', event => this.#wheel(event), { signal, passive: false });
    host.addEventListener('pointerdown', event => this.#down(event), { signal });
    host.addEventListener('contextmenu', event => this.#reset(event), { signal });
  }

  close(): void {
    this.#abort.abort();
    this.#picture.style.transform = '';
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.#host.getBoundingClientRect();
    const before = this.#scale;
    this.#scale = Math.min(largest, Math.max(1, before * (event.deltaY < 0 ? 1.25 : 0.8)));
    const px = event.clientX - box.left;
    const py = event.clientY - box.top;
    this.#x = px - ((px - this.#x) * this.#scale) / before;
    this.#y = py - ((py - this.#y) * this.#scale) / before;
    this.#apply(box);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#scale === 1) return;
    const { signal } = this.#abort;
    this.#host.setPointerCapture(event.pointerId);
    const move = (each: PointerEvent): void => {
      this.#x += each.movementX;
      this.#y += each.movementY;
      this.#apply(this.#host.getBoundingClientRect());
    };
    this.#host.addEventListener('pointermove', move, { signal });
    this.#host.addEventListener('pointerup', () => this.#host.removeEventListener('pointermove', move), {
      once: true,
      signal,
    });
  }

  #reset(event: Event): void {
    event.preventDefault();
    this.#scale = 1;
    this.#apply(this.#host.getBoundingClientRect());
  }

  #apply(box: DOMRect): void {
    this.#x = Math.min(0, Math.max(box.width * (1 - this.#scale), this.#x));
    this.#y = Math.min(0, Math.max(box.height * (1 - this.#scale), this.#y));
    this.#picture.style.transform =
      this.#scale === 1 ? '' : `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
  }
}
