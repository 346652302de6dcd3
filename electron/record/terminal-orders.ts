import { hexDigits } from '../codec/terminal-id.ts';
import type { Result, Rpc } from '../contract.ts';
import type { CommandOptions } from '../device/session.ts';
import { fail } from '../errors.ts';
import type { DeskCalls } from '../ipc/desk.ts';

/** Commands whose answer is a message of its own, as the standards pair them. All others are answered by 0x0001. */
const answers: Record<number, number> = {
  0x8104: 0x0104,
  0x8106: 0x0104,
  0x8107: 0x0107,
  0x8201: 0x0201,
  0x8801: 0x0805,
  0x9003: 0x1003,
  0x9205: 0x1205,
};

export interface CommandedTerminals {
  command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>>;
}

/** Any command of the message table, by hand. */
export class TerminalOrders {
  readonly calls: Pick<DeskCalls, 'terminal.send'>;
  readonly #terminals: CommandedTerminals;

  constructor(terminals: CommandedTerminals) {
    this.#terminals = terminals;
    this.calls = { 'terminal.send': args => this.#send(args) };
  }

  async #send({ vehicleId, messageId, value }: Rpc['terminal.send']['args']): Promise<Result<unknown>> {
    const id = Number.parseInt(messageId.replace(/^0x/i, ''), 16);
    const replyId = answers[id];
    let body: unknown;
    try {
      body = fromJson(value ?? null);
    } catch (thrown) {
      return fail('badRequest', `value: ${(thrown as Error).message}`);
    }
    const result = await this.#terminals.command(vehicleId, id, body, replyId === undefined ? {} : { replyId });
    return result.ok ? { ok: true, value: toJson(result.value) } : result;
  }
}

/** JSON has no bytes: `{hex: '0102'}` stands for some, `{integer: '1'}` for a number of 64 bits. */
function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && typeof only[1] === 'string') {
    const [key, text] = only;
    if (key === 'hex') {
      if (!/^([0-9A-Fa-f]{2})*$/.test(text)) throw new RangeError(`"${text}" is no hexadecimal`);
      return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
    }
    if (key === 'integer') return BigInt(text);
  }
  return Object.fromEntries(entries.map(([key, each]) => [key, fromJson(each)]));
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: hexDigits(value) };
  if (typeof value === 'bigint') return { integer: String(value) };
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}
