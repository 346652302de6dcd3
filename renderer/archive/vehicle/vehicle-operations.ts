import type { CameraKey, PlaybackControl, PlaybackSpeed } from '../../../electron/contract.ts';
import { playbackSpeeds } from '../../../electron/contract.ts';
import { camerasOf } from '../../fleet/vehicle-words.ts';
import type { Operations } from '../../operations.ts';
import type { Station } from '../../station.ts';
import { dayOf } from '../days.ts';

/** Cameras of a vehicle that are put into panes at first; a recorder may have sixteen. */
const shownAtFirst = 4;

/** What can be done with what vehicles hold. */
export class VehicleOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** The keys of the archive are those of the vehicle's playback. */
  get isPlaying(): boolean {
    return this.#station.vehicleStorage.getState().play !== null;
  }

  toggle(): void {
    this.#station.vehicleDesk.setOpen(!this.#station.vehicleStorage.getState().open);
  }

  refresh(): void {
    this.#station.vehicleDesk.refresh();
  }

  /** The archive with a vehicle's cameras and what it holds of today. */
  show(vehicleId: string): void {
    const channels = camerasOf(this.#station.fleet.getState().vehicles.get(vehicleId)).slice(0, shownAtFirst);
    const cameras = channels.map(({ channel }): CameraKey => ({ vehicleId, channel, stream: 'main' }));
    this.#station.archiveDesk.choose(cameras, dayOf(Date.now()));
    this.#station.vehicleDesk.setOpen(true);
    this.#operations.openPage('archive');
  }

  /** The chosen pane's camera from where the clock stands. */
  playHere(): void {
    const camera = this.#chosen();
    if (!camera) return;
    this.#station.vehicleDesk.setOpen(true);
    void this.play(camera, this.#station.archiveDesk.playback.clock.at());
  }

  async play(camera: CameraKey, at: number): Promise<void> {
    this.#operations.hearing.wake();
    const { cameras } = this.#station.archive.getState();
    const pane = cameras.findIndex(each => each.vehicleId === camera.vehicleId && each.channel === camera.channel);
    if (pane >= 0) this.#operations.archive.focus(pane);
    await this.#station.vehicleDesk.play(camera, at);
  }

  stop(): void {
    this.#station.vehicleDesk.stop();
  }

  togglePause(): void {
    const { row } = this.#station.vehicleDesk;
    if (row) void this.#control(row.phase === 'paused' ? 'resume' : 'pause');
    else this.#again();
  }

  /** @param speed 1 is the normal way of playing */
  setSpeed(speed: PlaybackSpeed): void {
    void (speed === 1 ? this.#control('resume') : this.#control('fast', speed));
  }

  changeSpeed(step: 1 | -1): void {
    const { row } = this.#station.vehicleDesk;
    if (!row) return;
    const speed = playbackSpeeds[playbackSpeeds.indexOf(row.mode === 'fast' ? row.speed : 1) + step];
    if (speed !== undefined) this.setSpeed(speed);
  }

  keyFrames(): void {
    void this.#control(this.#station.vehicleDesk.row?.mode === 'keyPlay' ? 'resume' : 'keyPlay');
  }

  rewind(): void {
    void this.#control(this.#station.vehicleDesk.row?.mode === 'keyRewind' ? 'resume' : 'keyRewind');
  }

  move(byMs: number): void {
    const { row } = this.#station.vehicleDesk;
    if (row) void this.#control('drag', 1, row.at + byMs);
  }

  /** The marked range of the chosen pane's camera, into our own recordings. */
  async fetch(speed: PlaybackSpeed = 1): Promise<void> {
    const { marks } = this.#station.archive.getState();
    const camera = this.#chosen();
    if (!camera) return;
    if (!marks) {
      this.#operations.remark('nothingMarked', {}, 'warning');
      return;
    }
    this.#station.vehicleDesk.setOpen(true);
    const answer = await this.#station.vehicleDesk.fetch(camera, marks, speed);
    if (answer.ok) this.#operations.remark('fetchAsked');
    else this.#operations.failed(answer);
  }

  /** The same, as files of the vehicle's own, by FTP. */
  upload(): void {
    const { marks } = this.#station.archive.getState();
    const camera = this.#chosen();
    if (!camera) return;
    if (!marks) this.#operations.remark('nothingMarked', {}, 'warning');
    else this.#operations.transfers.choose();
  }

  async fetchControl(id: string, control: 'pause' | 'resume' | 'cancel' | 'dismiss'): Promise<void> {
    const answer = await this.#station.link.call('storage.fetchControl', { id, control });
    if (!answer.ok) this.#operations.failed(answer);
  }

  #chosen(): CameraKey | undefined {
    const { cameras, focus } = this.#station.archive.getState();
    const camera = cameras[focus] ?? cameras[0];
    if (!camera) this.#operations.remark('noCamera', {}, 'warning');
    return camera;
  }

  /** One that is over begins anew where it ended. */
  #again(): void {
    const { play } = this.#station.vehicleStorage.getState();
    if (!play?.error) return;
    const at = this.#station.vehicleDesk.lastAt ?? this.#station.archiveDesk.playback.clock.at();
    this.stop();
    void this.play(play.camera, at);
  }

  async #control(control: PlaybackControl, speed?: PlaybackSpeed, at?: number): Promise<void> {
    const answer = await this.#station.vehicleDesk.control(control, speed, at);
    if (answer && !answer.ok) this.#operations.failed(answer);
  }
}
