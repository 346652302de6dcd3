import type {
  FetchRow,
  PlaybackRow,
  Result,
  SearchRow,
  ServiceChanges,
  ServiceKind,
  ServiceRows,
} from '../../contract.ts';
import type { Subscriber, Subscription } from '../../hub/subscriber.ts';
import type { DeskCalls, OpenedPlayback, PlaybackAsk, ServiceMethod } from '../../ipc/desk.ts';
import { Fetches, type FetchesParts } from './fetches.ts';
import { Playbacks, type PlaybacksParts } from './playbacks.ts';
import type { Span } from './spans.ts';
import { VehicleSearch, type VehicleSearchParts } from './vehicle-search.ts';

type StorageMethod = Extract<ServiceMethod, `storage.${string}` | `playback.${string}`>;

export interface VehicleStorageParts {
  readonly terminals: PlaybacksParts['terminals'] & VehicleSearchParts['terminals'] & FetchesParts['terminals'];
  readonly intake: PlaybacksParts['intake'];
  readonly recordings: FetchesParts['recordings'];
  readonly settings: PlaybacksParts['settings'] & VehicleSearchParts['settings'] & FetchesParts['settings'];
  readonly dataDir: string;
  readonly clock: FetchesParts['clock'];
  readonly tally: FetchesParts['tally'];
  readonly log: FetchesParts['log'];
  notice: FetchesParts['notice'];
  changed<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void;
}

/** What lies on the vehicles: found, played, and fetched into our own recordings. */
export class VehicleStorage {
  readonly calls: Pick<DeskCalls, StorageMethod>;
  readonly #search: VehicleSearch;
  readonly #playbacks: Playbacks;
  readonly #fetches: Fetches;

  constructor(parts: VehicleStorageParts) {
    this.#search = new VehicleSearch({ ...parts, changed: (row: SearchRow) => parts.changed('searches', row) });
    this.#playbacks = new Playbacks({
      ...parts,
      changed: (row: PlaybackRow) => parts.changed('playbacks', row),
      freed: () => this.#fetches.look(),
    });
    this.#fetches = new Fetches({
      ...{ ...parts, search: this.#search, playbacks: this.#playbacks },
      changed: (row: FetchRow) => parts.changed('fetches', row),
    });
    this.calls = {
      'storage.list': ask => this.#search.list(ask),
      'storage.fetch': ask => this.#fetches.start(ask),
      'storage.fetchControl': args => this.#fetches.control(args),
      'playback.control': args => this.#playbacks.control(args),
    };
  }

  /** Never rejects. */
  async open(): Promise<void> {
    await this.#fetches.open();
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#fetches.close();
    this.#playbacks.close();
  }

  rows(): ServiceChanges {
    return { searches: this.#search.rows(), playbacks: this.#playbacks.rows(), fetches: this.#fetches.rows() };
  }

  openPlayback(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback> {
    return this.#playbacks.open(ask, subscriber);
  }

  listenToPlayback(id: string, subscriber: Subscriber): Result<Subscription> {
    return this.#playbacks.listen(id, subscriber);
  }

  /** Bytes of the recordings of a channel within a time, where a kept list of the vehicle says; 0: not known. */
  listedBytes(vehicleId: string, channel: number, span: Span): number {
    return this.#search.listedBytes(vehicleId, channel, span);
  }

  vehicleOnline(): void {
    this.#fetches.look();
  }

  vehicleRemoved(id: string): void {
    this.#fetches.forget(id);
    this.#playbacks.forget(id);
    this.#search.forget(id);
  }
}
