import type { CameraKey, UploadRow } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';

/** What can be done with files that vehicles upload. */
export class TransferOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  open(): void {
    this.#operations.openDialog('transfers');
  }

  /** The marked range of a camera, as files of the vehicle's own. */
  async start({ vehicleId, channel, stream }: CameraKey, { from, to }: { from: number; to: number }): Promise<void> {
    const answer = await this.#station.link.call('upload.start', { vehicleId, channel, stream, from, to });
    if (!answer.ok) return this.#operations.failed(answer);
    this.#operations.remark('uploadAsked');
    this.open();
  }

  async control({ id }: UploadRow, what: 'pause' | 'resume' | 'cancel' | 'remove'): Promise<void> {
    const answer = await this.#station.link.call(`upload.${what}`, { id });
    if (!answer.ok) this.#operations.failed(answer);
  }
}
