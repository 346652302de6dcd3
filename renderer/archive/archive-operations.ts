import type { Bookmark } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { cameraKeyName } from '../store/archive.ts';
import { dayAfter, dayOf } from './days.ts';
import type { DigitalZoom } from './digital-zoom.ts';
import { type Rate, rates } from './player/master-clock.ts';
import { zoomed } from './timeline-scale.ts';

/** What can be done in the archive. */
export class ArchiveOperations {
  readonly #station: Station;
  readonly #operations: Operations;
  /** By `cameraKeyName`, of the panes that are there. */
  readonly #zooms = new Map<string, DigitalZoom>();

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  togglePlaying(): void {
    const desk = this.#station.archiveDesk;
    if (desk.state.playing) desk.pause();
    else desk.play();
  }

  step(step: 1 | -1): void {
    this.#station.archiveDesk.stepFrame(step);
  }

  move(byMs: number): void {
    const desk = this.#station.archiveDesk;
    desk.seek(desk.playback.clock.at() + byMs);
  }

  setRate(rate: Rate): void {
    this.#station.archiveDesk.setRate(rate);
  }

  changeRate(step: 1 | -1): void {
    const desk = this.#station.archiveDesk;
    const rate = rates[rates.indexOf(desk.state.rate as Rate) + step];
    if (rate) desk.setRate(rate);
  }

  jumpGap(step: 1 | -1): void {
    if (!this.#station.archiveDesk.jumpGap(step)) this.#operations.remark('noGap');
  }

  jumpEvent(step: 1 | -1): void {
    if (!this.#station.archiveDesk.jumpEvent(step)) this.#operations.remark('noEvent');
  }

  moveFocus(step: 1 | -1): void {
    const { cameras, focus } = this.#station.archive.getState();
    if (cameras.length > 0) this.focus((focus + step + cameras.length) % cameras.length);
  }

  focus(pane: number): void {
    this.#station.archive.setState({ focus: pane });
  }

  listen(pane = this.#station.archive.getState().focus): void {
    this.#operations.hearing.wake();
    this.#station.archiveDesk.toggleEar(pane);
  }

  toggleEnlarged(pane = this.#station.archive.getState().focus): void {
    this.#station.archive.setState(({ enlarged }) => ({ enlarged: !enlarged, focus: pane }));
  }

  mark(side: 'from' | 'to'): void {
    this.#station.archiveDesk.mark(side);
  }

  unmark(): void {
    this.#station.archive.setState({ marks: null });
  }

  /** A pane's zoom, made and kept while the pane is there; @returns what ends it */
  mountZoom(name: string, make: (changed: (scale: number) => void) => DigitalZoom): () => void {
    const zoom = make(scale =>
      this.#station.archive.setState(({ scales }) => ({ scales: new Map(scales).set(name, scale) })),
    );
    this.#zooms.set(name, zoom);
    return () => {
      zoom.close();
      if (this.#zooms.get(name) === zoom) this.#zooms.delete(name);
    };
  }

  zoomPicture(factor: number, pane = this.#station.archive.getState().focus): void {
    this.#zoomOf(pane)?.zoom(factor);
  }

  /** By parts of the pane; a picture that is shown whole says that there is nothing to move. */
  movePicture(x: number, y: number): void {
    const zoom = this.#zoomOf(this.#station.archive.getState().focus);
    if (zoom && zoom.scale > 1) zoom.pan(x, y);
    else this.#operations.remark('notZoomed');
  }

  wholePicture(pane = this.#station.archive.getState().focus): void {
    this.#zoomOf(pane)?.reset();
  }

  #zoomOf(pane: number): DigitalZoom | undefined {
    const camera = this.#station.archive.getState().cameras[pane];
    return camera && this.#zooms.get(cameraKeyName(camera));
  }

  /** Takes back what was done last in the order in which it is done: a picture's zoom, the enlargement, the marks. */
  escape(): void {
    const { enlarged, focus, marks } = this.#station.archive.getState();
    const zoom = this.#zoomOf(focus);
    if (zoom && zoom.scale > 1) zoom.reset();
    else if (enlarged) this.#station.archive.setState({ enlarged: false });
    else if (marks) this.unmark();
    else if (document.fullscreenElement) void document.exitFullscreen();
  }

  zoom(factor: number): void {
    const desk = this.#station.archiveDesk;
    desk.setView(zoomed(desk.state.view, desk.playback.clock.at(), factor));
  }

  changeDay(days: number): void {
    void this.#station.archiveDesk.showDay(dayAfter(this.#station.archive.getState().day, days));
  }

  today(): void {
    void this.#station.archiveDesk.showDay(dayOf(Date.now()));
  }

  /** Opens the sheet for export; without marks a minute around the clock is marked. */
  askExport(): void {
    const desk = this.#station.archiveDesk;
    if (desk.state.cameras.length === 0) {
      this.#operations.remark('noCamera', {}, 'warning');
      return;
    }
    if (!desk.state.marks) {
      const at = desk.playback.clock.at();
      this.#station.archive.setState({ marks: { from: at - 30_000, to: at + 30_000 } });
    }
    this.#operations.openDialog('export');
  }

  askKeep(): void {
    if (this.#station.archive.getState().cameras.length > 0) this.#operations.openDialog('keep');
    else this.#operations.remark('noCamera', {}, 'warning');
  }

  async keep(note: string): Promise<void> {
    const answer = await this.#station.archiveDesk.keep(note);
    if (!answer.ok) return this.#operations.failed(answer);
    this.#operations.closeDialog();
    this.#operations.remark('kept');
  }

  visit(bookmark: Bookmark): void {
    void this.#station.archiveDesk.visit({ from: bookmark.from, to: bookmark.to }, bookmark.cameras);
  }

  /** @returns whether the server took it */
  async amend(bookmark: Bookmark, change: { note?: string; isProtected?: boolean }): Promise<boolean> {
    const answer = await this.#station.archiveDesk.updateBookmark({ id: bookmark.id, ...change });
    if (!answer.ok) this.#operations.failed(answer);
    return answer.ok;
  }

  async forget(bookmark: Bookmark): Promise<void> {
    const answer = await this.#station.archiveDesk.removeBookmark(bookmark.id);
    if (!answer.ok) this.#operations.failed(answer);
  }

  /** The chosen pane's picture, or every pane's, each with its camera and the clock in the name. */
  async saveStills(all: boolean): Promise<void> {
    const { cameras, focus } = this.#station.archive.getState();
    const at = this.#station.archiveDesk.playback.clock.at();
    const names: string[] = [];
    const { stills } = this.#operations;
    for (const [pane, camera] of cameras.entries()) {
      if (!all && pane !== focus) continue;
      const still = await this.#station.archiveDesk.playback.pane(cameraKeyName(camera))?.captureStill();
      if (!still) continue;
      stills.flash(`[data-testid="pane-${pane}"]`);
      names.push(stills.keep(still, camera, at));
    }
    stills.tell(names, at);
  }
}
