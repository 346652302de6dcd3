import type { ArchiveStore } from '../store/archive.ts';
import type { ArchiveDesk } from './archive-desk.ts';
import { dayAfter } from './days.ts';
import type { Span } from './player/lane-map.ts';
import { timelineHeight, timelineMetrics, timelineScale } from './timeline-painter.ts';
import { moved, zoomed } from './timeline-scale.ts';

type Grip = 'from' | 'to' | 'new' | 'ruler' | 'day' | 'pan';

/** A press becomes a drag after this many pixels. */
const dragAfter = 4;
/** How near to a mark's edge it is taken hold of (pixels). */
const near = 7;
const zoomStep = 1.25;

/**
 * The mouse on the timeline: wheel zooms around it (with Shift it moves), drag moves the view, a click goes there, a drag on
 * the ruler scrubs, with Shift a drag marks a range, the edges of which can be dragged.
 */
export class TimelineMouse {
  readonly #canvas: HTMLCanvasElement;
  readonly #desk: ArchiveDesk;
  readonly #store: ArchiveStore;
  readonly #abort = new AbortController();
  #grip: Grip | undefined;
  #startX = 0;
  #startView: Span = { from: 0, to: 1 };
  #dragged = false;

  constructor(canvas: HTMLCanvasElement, desk: ArchiveDesk, store: ArchiveStore) {
    this.#canvas = canvas;
    this.#desk = desk;
    this.#store = store;
    const { signal } = this.#abort;
    canvas.addEventListener('wheel', event => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener('pointerdown', event => this.#down(event), { signal });
    canvas.addEventListener('pointermove', event => (this.#grip ? this.#move(event) : this.#point(event)), { signal });
    canvas.addEventListener('pointerup', event => this.#up(event), { signal });
  }

  close(): void {
    this.#abort.abort();
  }

  #scale() {
    return timelineScale(this.#store.getState().view, this.#canvas.clientWidth);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { view } = this.#store.getState();
    const scale = this.#scale();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) {
      const by = ((event.deltaX || event.deltaY) / scale.width) * (view.to - view.from);
      this.#desk.setView(moved(view, by));
    } else this.#desk.setView(zoomed(view, scale.at(event.offsetX), event.deltaY > 0 ? zoomStep : 1 / zoomStep));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || event.offsetX < timelineMetrics.labels) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#startX = event.offsetX;
    this.#startView = this.#store.getState().view;
    this.#dragged = false;
    this.#grip = this.#gripAt(event);
    if (this.#grip === 'ruler') this.#desk.seek(this.#scale().at(event.offsetX));
    if (this.#grip === 'day') this.#showDay(event.offsetX);
  }

  #gripAt(event: PointerEvent): Grip {
    const { marks, cameras } = this.#store.getState();
    const scale = this.#scale();
    const { offsetX: x, offsetY: y } = event;
    if (y < timelineMetrics.ruler) return 'ruler';
    if (y > timelineHeight(cameras.length) - timelineMetrics.thin - 6) return 'day';
    if (marks && Math.abs(x - scale.x(marks.from)) < near) return 'from';
    if (marks && Math.abs(x - scale.x(marks.to)) < near) return 'to';
    return event.shiftKey ? 'new' : 'pan';
  }

  #move(event: PointerEvent): void {
    const { offsetX: x } = event;
    this.#dragged ||= Math.abs(x - this.#startX) >= dragAfter;
    if (!this.#dragged) return;
    const scale = this.#scale();
    const at = scale.at(x);
    const { marks } = this.#store.getState();
    if (this.#grip === 'ruler') this.#desk.seek(at);
    else if (this.#grip === 'day') this.#showDay(x);
    else if (this.#grip === 'pan') {
      const length = this.#startView.to - this.#startView.from;
      this.#desk.setView(moved(this.#startView, ((this.#startX - x) / scale.width) * length));
    } else if (this.#grip === 'new') {
      const start = scale.at(this.#startX);
      this.#store.setState({ marks: { from: Math.min(start, at), to: Math.max(start, at) } });
    } else if (marks) {
      const least = 500;
      const next =
        this.#grip === 'from'
          ? { from: Math.min(at, marks.to - least), to: marks.to }
          : { from: marks.from, to: Math.max(at, marks.from + least) };
      this.#store.setState({ marks: next });
    }
  }

  #up(event: PointerEvent): void {
    if (this.#grip === 'pan' && !this.#dragged) this.#desk.seek(this.#scale().at(event.offsetX));
    this.#grip = undefined;
  }

  #point(event: PointerEvent): void {
    const grip = event.offsetX < timelineMetrics.labels ? 'pan' : this.#gripAt(event);
    const cursor = grip === 'from' || grip === 'to' ? 'ew-resize' : grip === 'ruler' ? 'col-resize' : 'default';
    if (this.#canvas.style.cursor !== cursor) this.#canvas.style.cursor = cursor;
  }

  #showDay(x: number): void {
    const { day, view } = this.#store.getState();
    const middle = timelineScale({ from: day, to: dayAfter(day) }, this.#canvas.clientWidth).at(x);
    const half = (view.to - view.from) / 2;
    this.#desk.setView({ from: middle - half, to: middle + half });
  }
}
