import type { ErrorCode, MenuCommand, Result } from '../electron/contract.ts';
import { AlarmOperations } from './alarms/alarm-operations.ts';
import { ArchiveOperations } from './archive/archive-operations.ts';
import { VehicleOperations } from './archive/vehicle/vehicle-operations.ts';
import { copyBySelection } from './copied-text.ts';
import { DoctorOperations } from './doctor/doctor-operations.ts';
import { plateOf } from './fleet/rows.ts';
import { camerasOf, channelTitle } from './fleet/vehicle-words.ts';
import { clockTime } from './i18n/age.ts';
import { RecordingOperations } from './recording/recording-operations.ts';
import { HearingOperations } from './sound/hearing-operations.ts';
import type { Station } from './station.ts';
import { SteerOperations } from './steer/steer-operations.ts';
import { StillOperations } from './still-operations.ts';
import { type DialogName, type Page, pages, type Remark } from './store/desk.ts';
import { fits, languages } from './store/preferences.ts';
import { toggled } from './store/selection.ts';
import { TalkOperations } from './talk/talk-operations.ts';
import { TraceOperations } from './trace/trace-operations.ts';
import { TransferOperations } from './transfers/transfer-operations.ts';
import {
  type Arrangement,
  added,
  type Camera,
  cameraName,
  cleared,
  clearedAll,
  type Direction,
  filled,
  type Layout,
  movedFocus,
  placed,
  restored,
  swapped,
  toggledMaximise,
  withFocus,
  withLayout,
} from './wall/arrangement.ts';
import { figureRows } from './wall/figures.ts';

/** A remark is gone after this long (ms). */
const remarkMs = 5000;

export type RemarkText =
  | 'cannotTurn'
  | 'cannotHear'
  | 'ordered'
  | 'parametersKept'
  | 'parametersNotKept'
  | 'recordingStarted'
  | 'alarmConfirmed'
  | 'alarmConfirmedTold'
  | 'pictureAsked'
  | 'recordingStopped'
  | 'recordingGoesOn'
  | 'nothingYet'
  | 'noGap'
  | 'noEvent'
  | 'notZoomed'
  | 'noCamera'
  | 'noVehicle'
  | 'traceSaved'
  | 'traceNotSaved'
  | 'nothingMarked'
  | 'nothingThere'
  | 'fetchAsked'
  | 'uploadAsked'
  | 'panesFull'
  | 'kept'
  | 'snapshots'
  | 'exportStarted'
  | 'muted'
  | 'unmuted'
  | 'noRoom'
  | 'snapshot'
  | 'nothingSaved'
  | 'inDownloads'
  | 'noPicture'
  | 'copied'
  | 'notCopied'
  | 'failed'
  | 'saved'
  | 'fit'
  | 'simulatorStarted'
  | 'simulatorStopped'
  | 'admitted'
  | 'forgotten';

/** Everything an operator can do, by whichever way: key, mouse, menu of the shell. */
export class Operations {
  readonly recording: RecordingOperations;
  readonly archive: ArchiveOperations;
  readonly stills: StillOperations;
  readonly alarms: AlarmOperations;
  readonly vehicle: VehicleOperations;
  readonly hearing: HearingOperations;
  readonly doctor: DoctorOperations;
  readonly talk: TalkOperations;
  readonly steer: SteerOperations;
  readonly trace: TraceOperations;
  readonly transfers: TransferOperations;
  readonly #station: Station;
  #remarks = 0;
  #cancelRemark: () => void = () => undefined;

  constructor(station: Station) {
    this.#station = station;
    this.recording = new RecordingOperations(station, this);
    this.archive = new ArchiveOperations(station, this);
    this.stills = new StillOperations(station, this);
    this.alarms = new AlarmOperations(station, this);
    this.vehicle = new VehicleOperations(station, this);
    this.hearing = new HearingOperations(station, this);
    this.doctor = new DoctorOperations(station, this);
    this.talk = new TalkOperations(station, this);
    this.steer = new SteerOperations(station, this);
    this.trace = new TraceOperations(station, this);
    this.transfers = new TransferOperations(station, this);
  }

  openPage(page: Page): void {
    if (this.#station.desk.getState().page === page) return;
    this.#station.desk.setState({ page });
    if (page !== 'archive') {
      this.#station.archiveDesk.close();
      this.#station.vehicleDesk.stop();
      return;
    }
    const { cells, focus, layout } = this.#station.wall.getState();
    const chosen = cells[focus] ?? null;
    const wanted = [chosen, ...cells.slice(0, layout)].filter(camera => camera !== null);
    void this.#station.archiveDesk.open(wanted);
  }

  showAllOnMap(): void {
    this.#station.desk.setState(({ mapFits }) => ({ mapFits: mapFits + 1 }));
  }

  togglePage(): void {
    const { page } = this.#station.desk.getState();
    this.openPage(pages[(pages.indexOf(page) + 1) % pages.length] ?? 'live');
  }

  setLayout(layout: Layout): void {
    this.#wall(a => withLayout(a, layout));
  }

  focus(cell: number): void {
    this.#wall(a => withFocus(a, cell));
    const camera = this.#station.wall.getState().cells[cell];
    if (camera) this.#station.selection.setState({ vehicle: camera.vehicleId });
  }

  moveFocus(direction: Direction): void {
    this.#wall(a => movedFocus(a, direction));
    this.focus(this.#station.wall.getState().focus);
  }

  moveTile(direction: Direction): void {
    this.#wall(a => (a.maximised === null ? swapped(a, a.focus, movedFocus(a, direction).focus) : a));
  }

  swap(from: number, to: number): void {
    this.#wall(a => swapped(a, from, to));
  }

  place(camera: Camera, cell: number): void {
    this.#wall(a => placed(a, camera, cell));
    this.hearing.placed(camera);
    this.#station.selection.setState({ vehicle: camera.vehicleId });
  }

  add(camera: Camera): void {
    this.#wall(a => added(a, camera));
    this.hearing.placed(camera);
    this.#station.selection.setState({ vehicle: camera.vehicleId });
  }

  /** All cameras of a vehicle, from `cell` on or from the selected tile. What finds no room is said, not hidden. */
  addVehicle(vehicleId: string, cell?: number): void {
    const vehicle = this.#station.fleet.getState().vehicles.get(vehicleId);
    if (!vehicle || vehicle.state === 'pending') return;
    const cameras = camerasOf(vehicle).map(({ channel }) => ({ vehicleId, channel }));
    const arrangement = this.#station.wall.getState();
    const { next, left } = filled(arrangement, cameras, cell ?? arrangement.focus);
    this.#station.wall.setState(next, true);
    this.#station.selection.setState({ vehicle: vehicleId });
    if (left > 0) this.remark('noRoom', { count: left }, 'warning');
  }

  clear(cell = this.#station.wall.getState().focus): void {
    this.#wall(a => cleared(a, cell));
  }

  clearAll(): void {
    this.#wall(clearedAll);
  }

  toggleMaximise(cell = this.#station.wall.getState().focus): void {
    this.#wall(a => toggledMaximise(a, cell));
  }

  restore(): void {
    const { maximised } = this.#station.wall.getState();
    if (maximised !== null) this.#wall(restored);
    else if (document.fullscreenElement) void document.exitFullscreen();
  }

  nextFit(): void {
    const fit = fits[(fits.indexOf(this.#station.preferences.getState().fit) + 1) % fits.length] ?? 'contain';
    this.#station.preferences.setState({ fit });
    this.remark('fit', { fit: this.#station.dictionary.t(`fit.${fit}`) });
  }

  toggleFigures(): void {
    this.#station.preferences.setState(state => ({ figures: !state.figures }));
  }

  toggleFleet(): void {
    this.#station.preferences.setState(state => ({ fleet: !state.fleet }));
  }

  toggleRail(): void {
    this.#station.preferences.setState(state => ({ rail: !state.rail }));
  }

  nextLanguage(): void {
    const { language } = this.#station.preferences.getState();
    this.#station.preferences.setState({
      language: languages[(languages.indexOf(language) + 1) % languages.length] ?? 'en',
    });
  }

  toggleFullScreen(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  }

  openDialog(dialog: DialogName): void {
    this.#station.desk.setState({ dialog, dialogSetting: '', dialogBack: null });
  }

  /** A dialog about the vehicle that is chosen. */
  openChosen(dialog: DialogName): void {
    const { vehicle } = this.#station.selection.getState();
    if (vehicle && this.#station.fleet.getState().vehicles.has(vehicle)) this.openVehicleDialog(dialog, vehicle);
    else this.remark('noVehicle', {}, 'warning');
  }

  /** A dialog about one vehicle. */
  openVehicleDialog(dialog: DialogName, vehicleId: string): void {
    this.#station.desk.setState({ dialog, dialogVehicle: vehicleId, dialogBack: null });
  }

  openVehicle(vehicleId: string): void {
    this.#station.desk.setState({ dialog: 'vehicle', dialogVehicle: vehicleId, dialogBack: null });
  }

  closeDialog(): void {
    this.#station.desk.setState(({ dialogBack }) => ({ dialog: dialogBack, dialogBack: null }));
  }

  search(): void {
    const isArchive = this.#station.desk.getState().page === 'archive';
    const there = (): boolean => {
      const field = document.querySelector<HTMLInputElement>(isArchive ? '#footage-search' : '#fleet-search');
      field?.select();
      return field !== null;
    };
    if (there()) return;
    if (document.fullscreenElement) void document.exitFullscreen();
    this.#station.preferences.setState({ fleet: true });
    // The list is mounted with the next picture, after leaving full screen a little later.
    requestAnimationFrame(() => there() || setTimeout(there, 300));
  }

  expand(vehicleId: string, on: boolean): void {
    this.#station.selection.setState(state => ({ expanded: toggled(state.expanded, vehicleId, on) }));
  }

  fold(group: string): void {
    this.#station.selection.setState(state => ({ folded: toggled(state.folded, group) }));
  }

  async admit(vehicleId: string): Promise<void> {
    const answer = await this.#station.link.call('fleet.admit', { vehicleId });
    if (answer.ok) this.remark('admitted', { plate: plateOf(answer.value) });
    else this.failed(answer);
  }

  async forget(vehicleId: string): Promise<boolean> {
    const vehicle = this.#station.fleet.getState().vehicles.get(vehicleId);
    const answer = await this.#station.link.call('fleet.forget', { vehicleId });
    if (answer.ok) this.remark('forgotten', { plate: vehicle ? plateOf(vehicle) : vehicleId });
    else this.failed(answer);
    return answer.ok;
  }

  async toggleSimulator(): Promise<void> {
    const running = this.#station.health.getState().health?.simulator.running ?? false;
    const answer = running
      ? await this.#station.link.call('simulator.stop', {})
      : await this.#station.link.call('simulator.start', {});
    if (answer.ok) this.remark(running ? 'simulatorStopped' : 'simulatorStarted');
    else this.failed(answer);
  }

  async copyFigures(cell = this.#station.wall.getState().focus): Promise<void> {
    const camera = this.#station.wall.getState().cells[cell];
    const snapshot = camera && this.#station.pool.snapshot(camera);
    if (!camera || !snapshot) return this.remark('noPicture', {}, 'warning');
    const { t } = this.#station.dictionary;
    const tile = this.#station.tiles.getState().tiles.get(cameraName(camera));
    const lines = [
      [t('figure.camera'), `${this.cameraTitle(camera)} (${camera.vehicleId} ${camera.channel})`],
      [t('figure.state'), tile ? t(`chip.${tile.kind}`) : ''],
      [t('figure.stream'), tile ? t(`badge.${tile.stream}`) : ''],
      ...figureRows(snapshot, tile?.since ?? 0, t),
    ];
    await this.copy(lines.map(([name, value]) => `${name}: ${value}`).join('\n'));
  }

  async copy(text: string): Promise<void> {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => copyBySelection(text),
    );
    if (done) this.remark('copied');
    else this.remark('notCopied', {}, 'warning');
  }

  failed(answer: Extract<Result<unknown>, { ok: false }>): void {
    this.remark('failed', { reason: this.errorWords(answer.code) }, 'warning');
  }

  errorWords(code: ErrorCode): string {
    return this.#station.dictionary.t(`error.${code}`);
  }

  remark(
    text: RemarkText,
    params: Remark['params'] = {},
    level: Remark['level'] = 'info',
    action?: Remark['action'],
  ): void {
    this.#cancelRemark();
    const remark = { id: ++this.#remarks, level, text, params, ...(action && { action }) };
    this.#station.desk.setState({ remark });
    const timer = setTimeout(() => this.#station.desk.setState({ remark: null }), remarkMs);
    this.#cancelRemark = () => clearTimeout(timer);
  }

  menu(command: MenuCommand): void {
    if (command === 'layout1') this.setLayout(1);
    else if (command === 'layout4') this.setLayout(4);
    else if (command === 'layout9') this.setLayout(9);
    else if (command === 'layout16') this.setLayout(16);
    else if (command === 'toggleStats') this.toggleFigures();
    else if (command === 'search') this.search();
    else if (command === 'live' || command === 'archive' || command === 'alarms' || command === 'map')
      this.openPage(command);
    else if (command === 'transfers') this.transfers.open();
    else this.openDialog(command);
  }

  #wall(change: (a: Arrangement) => Arrangement): void {
    this.#station.wall.setState(change, true);
  }

  cameraTitle(camera: Camera): string {
    const vehicle = this.#station.fleet.getState().vehicles.get(camera.vehicleId);
    const title = channelTitle(vehicle, camera.channel, this.#station.dictionary.t);
    return `${vehicle ? plateOf(vehicle) : camera.vehicleId} ${title}`;
  }
}

/** Hands a file to the page's own download, under a name that every file system takes; that name. */
export function saveFile(content: Blob, wanted: string): string {
  const name = wanted.replace(/[\\/:*?"<>|\s]+/g, '_');
  const address = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  // The desktop application reads the name there.
  anchor.href = `${address}#${encodeURIComponent(name)}`;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return name;
}

export function fileTime(at: number): string {
  const day = new Date(at);
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('');
  return `${date}-${clockTime(at).replaceAll(':', '')}`;
}
