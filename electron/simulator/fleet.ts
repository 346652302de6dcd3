import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Faults } from './faults.ts';
import { childSeed, seededRandom } from './random.ts';
import { SceneShelf } from './scene-shelf.ts';
import { Terminal } from './terminal.ts';
import { TimerHeap } from './timer-heap.ts';
import { vehicleIdentity } from './vehicle-identity.ts';

export interface FleetOptions {
  /** How many terminals. */
  readonly vehicles: number;
  /** Where the server's 808 port is. */
  readonly host: string;
  readonly signalPort: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Decides plates, drives and what faults strike; 7261 unless given. */
  readonly seed?: number;
  /** Faults that every terminal begins with. */
  readonly faults?: Partial<Faults>;
  /** Folder of the clips; beside this file unless given. */
  readonly mediaDir?: string;
}

/** Vehicles come online spread over this time, ms, however many they are. */
const spreadMs = 1500;

/** Simulated terminals that reach the server as real ones do: over its vehicle ports and in no other way. */
export class Fleet {
  readonly #terminals: Terminal[];
  readonly #scenes: SceneShelf;
  readonly #timers: TimerHeap;
  #running = false;

  constructor(options: FleetOptions) {
    const { vehicles, host, signalPort, clock, log, seed = 7261, faults = {} } = options;
    this.#scenes = new SceneShelf(options.mediaDir ?? fileURLToPath(new URL('media/', import.meta.url)));
    const scenes = this.#scenes;
    const timers = new TimerHeap(clock);
    this.#timers = timers;
    this.#terminals = Array.from({ length: vehicles }, (_, index) => {
      const random = seededRandom(childSeed(seed, index));
      const identity = vehicleIdentity(index, childSeed(seed, index + 1_000_000));
      return new Terminal({ identity, host, signalPort, clock, timers, log, random, scenes, faults });
    });
  }

  get running(): boolean {
    return this.#running;
  }

  get vehicles(): readonly Terminal[] {
    return this.#terminals;
  }

  /** @throws RangeError when there is none of that index, from 0 */
  terminal(index: number): Terminal {
    const terminal = this.#terminals[index];
    if (!terminal) throw new RangeError(`no vehicle ${index} in a fleet of ${this.#terminals.length}`);
    return terminal;
  }

  /** Changes faults of every terminal; those not named stay as they are. */
  setFaults(faults: Partial<Faults>): void {
    for (const terminal of this.#terminals) Object.assign(terminal.faults, faults);
  }

  /**
   * Resolves at once: vehicles come online over the next one and a half seconds.
   * @throws when the clips are missing
   */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#scenes.scene('city-day', 1, 'sub');
    this.#running = true;
    for (const [index, terminal] of this.#terminals.entries())
      terminal.start((spreadMs * index) / this.#terminals.length);
  }

  /** Logs every terminal out and resolves when all connections are gone. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#terminals.map(terminal => terminal.stop()));
    this.#timers.clear();
  }
}
