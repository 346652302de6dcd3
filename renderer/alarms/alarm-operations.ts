import type { AlarmRow, CameraKey, ErrorCode, PictureRow } from '../../electron/contract.ts';
import { dayOf } from '../archive/days.ts';
import { plateOf } from '../fleet/rows.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { type AlarmView, alarmViews } from '../store/alarms.ts';
import { AlarmChime } from './alarm-chime.ts';
import { alarmRows, isNews, photographed, pictureRows } from './alarm-rows.ts';

/** Rows asked for at a time. */
const pageRows = 200;
const passengerRows = 1000;
/** A server's clock may be ahead of this computer's. */
const aheadMs = 86_400_000;
/** Shown around an alarm in the archive. */
const aroundMs = 15_000;
const maxPanes = 4;

/** What can be done with alarms, pictures and passenger counts. */
export class AlarmOperations {
  readonly #station: Station;
  readonly #operations: Operations;
  readonly #chime = new AlarmChime();

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
    station.services.subscribe(({ alarms }, before) => {
      if (alarms !== before.alarms && isNews(alarms, before.alarms, Date.now())) this.#chime.play();
    });
  }

  get #state() {
    return this.#station.alarms.getState();
  }

  rows(): AlarmRow[] {
    return alarmRows(this.#station.services.getState().alarms, this.#state);
  }

  pictures(): PictureRow[] {
    return pictureRows(this.#station.services.getState().pictures, this.#state);
  }

  open(vehicleId: string | null = null, view?: AlarmView): void {
    this.#station.alarms.setState({ vehicleId, ...(view && { view }) });
    this.#operations.openPage('alarms');
    void this.refresh();
  }

  show(view: AlarmView): void {
    this.#station.alarms.setState({ view, enlarged: null });
    void this.refresh();
  }

  nextView(): void {
    this.show(alarmViews[(alarmViews.indexOf(this.#state.view) + 1) % alarmViews.length] ?? 'alarms');
  }

  /** What the page needs beyond what the server tells by itself. */
  async refresh(): Promise<void> {
    const { view, vehicleId } = this.#state;
    const narrowed = vehicleId === null ? {} : { vehicleId };
    const range = { from: 0, to: Date.now() + aheadMs, ...narrowed };
    this.#station.alarms.setState({ asking: true });
    let trouble: ErrorCode | undefined;
    if (view === 'alarms') {
      const answer = await this.#station.link.call('alarm.list', { ...range, limit: pageRows });
      if (answer.ok) this.#station.alarms.setState({ older: answer.value, olderEnded: answer.value.length < pageRows });
      else trouble = answer.code;
    } else if (view === 'pictures') {
      const answer = await this.#station.link.call('picture.list', { ...range, limit: pageRows });
      if (answer.ok) this.#station.alarms.setState({ olderPictures: answer.value });
      else trouble = answer.code;
    } else {
      const answer = await this.#station.link.call('passenger.list', { ...range, limit: passengerRows });
      if (answer.ok) this.#station.alarms.setState({ passengers: answer.value });
      else trouble = answer.code;
    }
    const { trouble: _, ...rest } = this.#state;
    this.#station.alarms.setState({ ...rest, asking: false, ...(trouble && { trouble }) }, true);
  }

  /** Alarms before the oldest that is shown. */
  async loadOlder(): Promise<void> {
    const { older, vehicleId, olderEnded } = this.#state;
    const last = older.at(-1);
    if (!last || olderEnded) return;
    const narrowed = vehicleId === null ? {} : { vehicleId };
    const answer = await this.#station.link.call('alarm.list', {
      from: 0,
      to: last.begin,
      ...narrowed,
      limit: pageRows,
    });
    if (!answer.ok) return this.#operations.failed(answer);
    const known = new Set(older.map(row => row.id));
    const more = answer.value.filter(row => !known.has(row.id));
    this.#station.alarms.setState({ older: [...older, ...more], olderEnded: answer.value.length < pageRows });
  }

  filterVehicle(vehicleId: string | null): void {
    this.#station.alarms.setState({ vehicleId });
    void this.refresh();
  }

  select(id: string | null): void {
    this.#station.alarms.setState({ selected: id });
  }

  move(step: 1 | -1): void {
    const { view, selected, enlarged } = this.#state;
    if (view === 'pictures') {
      const pictures = this.pictures();
      const at = pictures.findIndex(row => row.id === enlarged);
      const next = pictures[Math.max(0, Math.min(pictures.length - 1, at + step))];
      if (next) this.enlarge(next.id);
      return;
    }
    const rows = this.rows();
    const at = rows.findIndex(row => row.id === selected);
    this.select(rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))]?.id ?? null);
  }

  enlarge(id: string | null): void {
    this.#station.alarms.setState({ enlarged: id });
  }

  escape(): void {
    if (this.#state.enlarged) this.enlarge(null);
    else this.#station.alarms.setState({ vehicleId: null, level: null, group: null, openOnly: false });
  }

  /** The chosen one, or the one that is named; the next unconfirmed one is chosen after it. */
  async confirm(id: string | null = this.#state.selected): Promise<void> {
    const rows = this.rows();
    const row = rows.find(each => each.id === id);
    if (row?.confirmedAt !== 0) return;
    const next = rows[rows.indexOf(row) + 1];
    const by = this.#station.preferences.getState().operator.trim();
    const answer = await this.#station.link.call('alarm.confirm', { id: row.id, ...(by && { by }) });
    if (!answer.ok) return this.#operations.failed(answer);
    this.#station.alarms.setState(({ older, selected }) => ({
      older: older.map(each => (each.id === row.id ? answer.value : each)),
      ...(selected === row.id && next && { selected: next.id }),
    }));
    const plate = this.plate(row.vehicleId);
    this.#operations.remark(answer.value.told ? 'alarmConfirmedTold' : 'alarmConfirmed', { plate });
  }

  /** The live tile of the camera that the chosen alarm is about. */
  live(id: string | null = this.#state.selected): void {
    const row = this.#find(id);
    if (!row) return;
    const vehicle = this.#station.fleet.getState().vehicles.get(row.vehicleId);
    const channel = row.channel || (vehicle?.channels.find(each => !each.soundOnly)?.channel ?? 1);
    this.#operations.openPage('live');
    this.#operations.add({ vehicleId: row.vehicleId, channel });
  }

  /** The archive at the moment the chosen alarm began. */
  async archive(id: string | null = this.#state.selected): Promise<void> {
    const row = this.#find(id);
    if (row) await this.#visit(row.vehicleId, row.channel, row.begin);
  }

  async archiveOfPicture(row: PictureRow): Promise<void> {
    await this.#visit(row.vehicleId, row.channel, row.at);
  }

  async takePicture(): Promise<void> {
    const { alarms, fleet, selection, link } = this.#station;
    const { vehicleId, channel, taking } = this.#state;
    const vehicle = photographed(fleet.getState().vehicles, vehicleId, selection.getState().vehicle);
    if (!vehicle || taking) return;
    alarms.setState({ taking: true });
    const answer = await link.call('picture.take', { vehicleId: vehicle.id, channel });
    alarms.setState({ taking: false });
    if (answer.ok) this.#operations.remark('pictureAsked', { plate: plateOf(vehicle) });
    else this.#operations.failed(answer);
  }

  toggleLevel(level: AlarmRow['level']): void {
    this.#station.alarms.setState(state => ({ level: state.level === level ? null : level }));
  }

  toggleOpenOnly(): void {
    this.#station.alarms.setState(state => ({ openOnly: !state.openOnly }));
  }

  plate(vehicleId: string): string {
    const vehicle = this.#station.fleet.getState().vehicles.get(vehicleId);
    return vehicle ? plateOf(vehicle) : vehicleId;
  }

  #find(id: string | null): AlarmRow | undefined {
    return this.rows().find(row => row.id === id);
  }

  async #visit(vehicleId: string, channel: number, at: number): Promise<void> {
    const { archiveDesk, archive, desk, fleet } = this.#station;
    const channels = channel
      ? [channel]
      : (fleet.getState().vehicles.get(vehicleId)?.channels ?? []).filter(c => !c.soundOnly).map(c => c.channel);
    const main = channels.slice(0, maxPanes).map((each): CameraKey => ({ vehicleId, channel: each, stream: 'main' }));
    archiveDesk.choose(main, dayOf(at));
    desk.setState({ page: 'archive' });
    await archiveDesk.open([]);
    const found = archive
      .getState()
      .found.filter(each => each.vehicleId === vehicleId && channels.includes(each.channel));
    const span = { from: at - aroundMs, to: at + aroundMs };
    await archiveDesk.visit(span, found.length > 0 ? found.slice(0, maxPanes) : main);
    archiveDesk.seek(at);
  }
}
