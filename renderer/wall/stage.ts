import { frozen } from './freeze.ts';
import type { Stage } from './pane.ts';

/** A place for a pane's pictures that React mounts once and never looks into. */
export class DomStage implements Stage {
  readonly element: HTMLElement = document.createElement('div');
  readonly #slots = new Map<HTMLElement, HTMLElement>();

  constructor() {
    this.element.className = 'stage';
  }

  show(element: HTMLElement): void {
    this.#slot(element).className = 'stage-slot stage-shown';
  }

  /** What is shown now, as it is. */
  freeze(): HTMLCanvasElement | undefined {
    const shown = this.element.querySelector<HTMLElement>('.stage-shown');
    return shown ? frozen(shown) : undefined;
  }

  await(element: HTMLElement): void {
    this.#slot(element).className = 'stage-slot';
  }

  remove(element: HTMLElement): void {
    this.#slots.get(element)?.remove();
    this.#slots.delete(element);
  }

  #slot(element: HTMLElement): HTMLElement {
    const there = this.#slots.get(element);
    if (there) return there;
    const slot = document.createElement('div');
    slot.append(element);
    this.#slots.set(element, slot);
    this.element.append(slot);
    return slot;
  }
}
