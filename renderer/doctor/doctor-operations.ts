import type { StreamKind } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { cameraName } from '../wall/arrangement.ts';

/** Ways to the connection doctor and to what it recommends. */
export class DoctorOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** Why is it black? Of the tile that is chosen. */
  openTile(cell = this.#station.wall.getState().focus): void {
    const camera = this.#station.wall.getState().cells[cell];
    const tile = camera && this.#station.tiles.getState().tiles.get(cameraName(camera));
    if (camera) this.openCamera(camera.vehicleId, camera.channel, tile?.stream ?? 'sub');
    else this.#operations.remark('noCamera', {}, 'warning');
  }

  openCamera(vehicleId: string, channel: number, stream: StreamKind): void {
    this.#station.desk.setState({ dialog: 'doctor', doctor: { vehicleId, channel, stream }, dialogBack: null });
  }

  /** Of a row of the vehicle list: a camera, or the vehicle. */
  openRow(row: { vehicleId: string; channel?: number }): void {
    this.openCamera(row.vehicleId, row.channel ?? 0, 'sub');
  }

  /** The vehicle's own steps alone. */
  openVehicle(vehicleId: string): void {
    this.openCamera(vehicleId, 0, 'sub');
  }

  /** Of one among the unknown connections; closed, it gives way to them again. */
  openStranger(vehicleId: string): void {
    this.openVehicle(vehicleId);
    this.#station.desk.setState({ dialogBack: 'peers' });
  }

  openPeers(): void {
    this.#station.desk.setState(({ dialog }) => ({ dialog: 'peers', dialogBack: dialog }));
  }

  /** The settings with one row of them; closed, they give way to the doctor again. */
  openSetting(key: string): void {
    this.#station.desk.setState(({ dialog }) => ({ dialog: 'settings', dialogSetting: key, dialogBack: dialog }));
  }

  openProperties(vehicleId: string): void {
    this.#station.desk.setState(({ dialog }) => ({
      dialog: 'vehicle',
      dialogVehicle: vehicleId,
      dialogBack: dialog,
    }));
  }
}
