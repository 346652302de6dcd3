import { type Notice, type Result, type Rpc, terminalOrders, type Vehicle } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Log } from '../log.ts';
import type { DeskCalls } from './desk.ts';

export interface ControlParts {
  readonly terminals: {
    get(id: string): Vehicle | undefined;
    command(id: string, messageId: number, value: unknown): Promise<Result<unknown>>;
  };
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
}

/** 0x8105 (808-2013 §8.13): restarts, resets and switches terminals off. What was ordered, why and with what result is kept in the log. */
export class ControlDesk {
  readonly calls: Pick<DeskCalls, 'control.send'>;
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
    this.calls = { 'control.send': args => this.#send(args) };
  }

  async #send(args: Rpc['control.send']['args']): Promise<Result<null>> {
    const { vehicleId, order, parameters = [], reason } = args;
    const { terminals, log, notice } = this.#parts;
    const vehicle = terminals.get(vehicleId);
    if (!vehicle) return fail('unknownTerminal', vehicleId);
    if (parameters.some(parameter => parameter.includes(';')))
      return fail('badRequest', 'a parameter must not contain a semicolon, which separates them');
    const result = await terminals.command(vehicleId, 0x8105, { command: terminalOrders[order], parameters });
    const code = result.ok ? '' : result.code;
    log.info({ terminal: vehicle.id, order, reason, code }, 'terminal control');
    if (!result.ok) return result;
    notice('info', 'controlled', { vehicleId: vehicle.id, plate: vehicle.plate, order, reason });
    return { ok: true, value: null };
  }
}
