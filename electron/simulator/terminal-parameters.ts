import type { Parameter } from '../codec/jt808/body/parameter.ts';

/** Ids of 808-2013 table 12 and 1078-2016 table 2 that a simulated terminal knows. */
const known = { heartbeat: 0x0001, server: 0x0013, port: 0x0018, report: 0x0029, channels: 0x0076 } as const;
/** 0x8103 may add this many more. */
const maxParameters = 64;

/** What 0x8103 sets and 0x8104 asks for; heartbeat and report interval are obeyed. */
export class TerminalParameters {
  readonly #rows = new Map<number, Parameter>();

  constructor(host: string, port: number, channels: number) {
    const audioVideo = Array.from({ length: channels }, (_, at) => ({
      physical: at + 1,
      logical: at + 1,
      kind: 0,
      // The camera on the roof, behind, turns.
      panTilt: at === channels - 1 ? 1 : 0,
    }));
    const encoding = { mode: 1, resolution: 3, keyFrameInterval: 30, frameRate: 15, bitRate: 512 };
    const pictures = { live: encoding, storage: { ...encoding, resolution: 5, bitRate: 2048 }, captions: 0b0100111 };
    this.set([
      { id: known.heartbeat, value: 30 },
      { id: known.server, value: host },
      { id: known.port, value: port },
      { id: known.report, value: 5 },
      { id: 0x0075, value: { ...pictures, audio: 1 } },
      { id: known.channels, value: { audioVideo, audio: [], video: [] } },
      { id: 0x0077, value: [{ channel: 1, ...pictures }] },
      { id: 0x0079, value: { storagePercent: 20, minutesAfter: 5, minutesBefore: 1 } },
      { id: 0x007a, value: 0 },
      { id: 0x007b, value: { passengers: 45, fatigue: 60 } },
      {
        id: 0x007c,
        value: {
          modes: 0b110,
          conditions: 0b001,
          weekdays: 0b0011111,
          periodsOn: 0b0001,
          periods: [
            { wake: '0530', sleep: '2300' },
            { wake: '0000', sleep: '0000' },
            { wake: '0000', sleep: '0000' },
            { wake: '0000', sleep: '0000' },
          ],
        },
      },
    ]);
  }

  get heartbeatMs(): number {
    return this.#seconds(known.heartbeat, 30) * 1000;
  }

  get reportMs(): number {
    return this.#seconds(known.report, 5) * 1000;
  }

  set(parameters: readonly Parameter[]): void {
    for (const parameter of parameters)
      if (this.#rows.has(parameter.id) || this.#rows.size < maxParameters) this.#rows.set(parameter.id, parameter);
  }

  all(): Parameter[] {
    return [...this.#rows.values()];
  }

  some(ids: readonly number[]): Parameter[] {
    return ids.flatMap(id => this.#rows.get(id) ?? []);
  }

  #seconds(id: number, otherwise: number): number {
    const row = this.#rows.get(id);
    return row && 'value' in row && typeof row.value === 'number' && row.value > 0 ? row.value : otherwise;
  }
}
