import { type UsageBytes, usageKinds } from '../contract.ts';

/**
 * Bytes of one vehicle since they were last taken. Whoever moves bytes of its data adds to a number; the headers of TCP, UDP
 * and IP, which an operator of mobile networks counts too, are not in it.
 */
export type VehicleBytes = UsageBytes;

export function noBytes(): VehicleBytes {
  return { signalIn: 0, signalOut: 0, main: 0, sub: 0, talk: 0, playback: 0, upload: 0, pictures: 0, refused: 0 };
}

/** Counters of every vehicle that was ever let in since the start: no more than the roster holds. */
export class DataUse {
  readonly #vehicles = new Map<string, VehicleBytes>();

  /** The vehicle's counters, to be added to. @param vehicle as the roster names it; one that is known */
  of(vehicle: string): VehicleBytes {
    let bytes = this.#vehicles.get(vehicle);
    if (!bytes) {
      bytes = noBytes();
      this.#vehicles.set(vehicle, bytes);
    }
    return bytes;
  }

  /** For names that anybody may have made up. */
  known(vehicle: string): VehicleBytes | undefined {
    return this.#vehicles.get(vehicle);
  }

  /** Gives every vehicle's bytes since the last time, and begins at 0. */
  take(give: (vehicle: string, bytes: VehicleBytes) => void): void {
    for (const [vehicle, bytes] of this.#vehicles) {
      let isUsed = false;
      for (const kind of usageKinds) if (bytes[kind] > 0) isUsed = true;
      if (!isUsed) continue;
      give(vehicle, { ...bytes });
      for (const kind of usageKinds) bytes[kind] = 0;
    }
  }

  forget(vehicle: string): void {
    this.#vehicles.delete(vehicle);
  }
}
