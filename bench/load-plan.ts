/** What load-fleet.ts, a child process with a fleet of one-camera terminals, is to do once it is told `go`. */
export interface LoadPlan {
  readonly signalPort: number;
  readonly mediaPort: number;
  readonly vehicles: number;
  readonly transport: 'udp' | 'tcp';
  readonly seconds: number;
  /** Of all vehicles together; 0 sends each stream at its own pace of 25 frames a second, about 1 Mbit/s. */
  readonly packetsPerSecond: number;
}

/** What it says: `ready` when every terminal was asked for its stream, `done` with what it sent. */
export type LoadReport = { type: 'ready' } | { type: 'done'; packets: number; frames: number; seconds: number };

/** Frames end with the time they were sent: ms since 1970 as a double, little-endian. */
export const stampBytes = 8;
