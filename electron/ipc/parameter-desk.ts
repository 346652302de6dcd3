import type { Parameter } from '../codec/jt808/body/parameter.ts';
import type { ParameterList } from '../codec/jt808/body/parameters.ts';
import { hexDigits } from '../codec/terminal-id.ts';
import type { ParameterValue, Result, Rpc, TerminalParameter, Vehicle } from '../contract.ts';
import type { CommandOptions } from '../device/session.ts';
import { fail } from '../errors.ts';
import type { DeskCalls } from './desk.ts';
import { parameterShape } from './parameter-shape.ts';

export interface ParameterTerminals {
  get(id: string): Vehicle | undefined;
  command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>>;
}

/** Reads and writes what a terminal is set to: 0x8104 or 0x8106 answered by 0x0104, and 0x8103. */
export class ParameterDesk {
  readonly calls: Pick<DeskCalls, 'parameters.read' | 'parameters.write'>;
  readonly #terminals: ParameterTerminals;

  constructor(terminals: ParameterTerminals) {
    this.#terminals = terminals;
    this.calls = {
      'parameters.read': args => this.#read(args),
      'parameters.write': args => this.#write(args),
    };
  }

  async #read({ vehicleId, ids }: Rpc['parameters.read']['args']): Promise<Result<TerminalParameter[]>> {
    const asked = await this.#ask(vehicleId, ids);
    if (!asked.ok) return asked;
    const { parameters } = asked.value as ParameterList;
    const wanted = ids ? parameters.filter(({ id }) => ids.includes(id)) : parameters;
    return { ok: true, value: wanted.map(shown) };
  }

  /** 808-2011 has no 0x8106, and terminals of later editions refuse it: then all are asked for. */
  async #ask(vehicleId: string, ids: number[] | undefined): Promise<Result<unknown>> {
    const reply = { replyId: 0x0104 };
    if (ids && this.#terminals.get(vehicleId)?.version !== '2011') {
      const some = await this.#terminals.command(vehicleId, 0x8106, { ids }, reply);
      if (some.ok || !refuses(some.code)) return some;
    }
    return this.#terminals.command(vehicleId, 0x8104, null, reply);
  }

  async #write({ vehicleId, parameters }: Rpc['parameters.write']['args']): Promise<Result<null>> {
    const given: Parameter[] = [];
    for (const parameter of parameters) {
      const name = `0x${parameter.id.toString(16).padStart(4, '0').toUpperCase()}`;
      if ('hex' in parameter) {
        given.push({ id: parameter.id, raw: bytesOf(parameter.hex) });
        continue;
      }
      const shape = parameterShape(parameter.id);
      if (!shape) return fail('badRequest', `${name} can be given as bytes only`);
      const checked = shape.safeParse(parameter.value);
      const issue = checked.error?.issues[0];
      if (issue) return fail('badRequest', `${name} ${issue.path.join('.')}: ${issue.message}`);
      given.push({ id: parameter.id, value: checked.data } as Parameter);
    }
    const result = await this.#terminals.command(vehicleId, 0x8103, { parameters: given });
    return result.ok ? { ok: true, value: null } : result;
  }
}

function refuses(code: string): boolean {
  return code === 'commandUnsupported' || code === 'commandBadMessage' || code === 'commandFailed';
}

function shown(parameter: Parameter): TerminalParameter {
  if ('raw' in parameter) return { id: parameter.id, hex: hexDigits(parameter.raw) };
  const { id, value } = parameter;
  return value instanceof Uint8Array
    ? { id, hex: hexDigits(value) }
    : { id, value: value as unknown as ParameterValue };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}
