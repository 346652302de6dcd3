import type { TraceFormat, TraceRow } from '../../electron/contract.ts';
import { fetchTrace } from '../bridge.ts';
import { type Operations, saveFile } from '../operations.ts';
import type { Station } from '../station.ts';

/** Ways to the traces of a vehicle, and out of the program with them. */
export class TraceOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** Of the vehicle that is chosen unless one is named. */
  open(vehicleId = this.#station.selection.getState().vehicle): void {
    if (vehicleId && this.#station.fleet.getState().vehicles.has(vehicleId))
      this.#station.desk.setState({ dialog: 'trace', dialogVehicle: vehicleId, dialogBack: null });
    else this.#operations.remark('noVehicle', {}, 'warning');
  }

  async save(row: TraceRow, format: TraceFormat, blank: boolean): Promise<void> {
    const made = await this.#station.link.call('trace.export', { id: row.id, format, blank });
    if (!made.ok) return this.#operations.failed(made);
    const file = await fetchTrace(made.value.url).catch(() => undefined);
    if (!file) return this.#operations.remark('traceNotSaved', {}, 'warning');
    this.#operations.remark('traceSaved', { name: saveFile(file, made.value.name) });
  }

  async remove(row: TraceRow): Promise<void> {
    const answer = await this.#station.link.call('trace.remove', { id: row.id });
    if (!answer.ok) this.#operations.failed(answer);
  }
}
