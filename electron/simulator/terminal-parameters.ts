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
      panTilt: 0,
    }));
    this.set([
      { id: known.heartbeat, value: 30 },
      { id: known.server, value: host },
      { id: known.port, value: port },
      { id: known.report, value: 5 },
      { id: known.channels, value: { audioVideo, audio: [], video: [] } },
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
