import type { CameraKey, Rpc, UploadRow } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';

/** Which of the files; what is left out narrows nothing. */
export type UploadWish = Partial<
  Pick<Rpc['upload.start']['args'], 'media' | 'stream' | 'storage' | 'conditions' | 'alarms' | 'videoAlarms'>
>;

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

  /** Asks which files of the marked range are wanted. */
  choose(): void {
    this.#operations.openDialog('upload');
  }

  /** The marked range of a camera, as files of the vehicle's own. */
  async start(
    { vehicleId, channel, stream }: CameraKey,
    { from, to }: { from: number; to: number },
    wish: UploadWish,
  ): Promise<void> {
    const ask = { vehicleId, channel, stream, from, to, ...wish };
    const answer = await this.#station.link.call('upload.start', ask);
    if (!answer.ok) return this.#operations.failed(answer);
    this.#operations.remark('uploadAsked');
    this.open();
  }

  async control({ id }: UploadRow, what: 'pause' | 'resume' | 'cancel' | 'remove'): Promise<void> {
    const answer = await this.#station.link.call(`upload.${what}`, { id });
    if (!answer.ok) this.#operations.failed(answer);
  }
}
