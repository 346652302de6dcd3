import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ErrorCode, Method, Result, ServiceChanges, Vehicle } from '../contract.ts';
import { ConvoyError, fail, failure } from '../errors.ts';
import type { Desk, DeskMethod } from '../ipc/desk.ts';
import { rpcArgs } from '../ipc/schema.ts';
import type { Tally } from '../tally.ts';
import { readJson } from './request-body.ts';
import {
  type CommandListEntry,
  commandList,
  messageList,
  type VehicleCommand,
  vehicleCommands,
} from './vehicle-commands.ts';
import { answerJson } from './web-api.ts';

const commandSchema = z.object({ command: z.string().max(64), args: z.record(z.string(), z.unknown()).default({}) });

const statusOf: Partial<Record<ErrorCode, number>> = {
  badRequest: 400,
  unknownMethod: 400,
  settingInvalid: 400,
  terminalOffline: 409,
  terminalPending: 409,
  alreadySubscribed: 409,
  commandTimeout: 504,
  answerIncomplete: 504,
  commandFailed: 502,
  commandBadMessage: 502,
  commandUnsupported: 502,
  terminalGone: 502,
  mediaNotArriving: 504,
  noFootage: 404,
  folderGone: 503,
  catalogueUnavailable: 503,
  shuttingDown: 503,
  diskFull: 507,
  diskUnwritable: 503,
  diskSlow: 503,
  storeUnwritable: 503,
};

/** What is unknown is 404, what there is too much of 503, what is busy or over 409, what the terminal made wrong 502. */
export function commandStatus(code: ErrorCode): number {
  const named = statusOf[code];
  if (named) return named;
  if (code.startsWith('unknown')) return 404;
  if (code.startsWith('tooMany')) return 503;
  if (code.endsWith('Busy') || code.endsWith('Closed') || code.endsWith('Ended')) return 409;
  return code.startsWith('answer') || code.startsWith('talk') ? 502 : 500;
}

/** One vehicle over HTTP: its state, and every method of the contract that is for it. */
export class VehiclesApi {
  readonly #desk: Desk;
  readonly #tally: Tally;
  readonly #maxBodyBytes: number;
  #commands: { commands: CommandListEntry[]; messages: { messageId: string; name: string }[] } | undefined;

  constructor(desk: Desk, tally: Tally, maxBodyBytes: number) {
    this.#desk = desk;
    this.#tally = tally;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Methods of a path of this part of the door; undefined when it is not one. */
  methods(path: string): readonly string[] | undefined {
    if (/^\/api\/vehicles\/[^/]+\/commands$/.test(path)) return ['GET', 'HEAD', 'POST'];
    return /^\/api\/vehicles\/[^/]+$/.test(path) ? ['GET', 'HEAD'] : undefined;
  }

  /** @param url of a path and a method that `methods` named */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, , , word = '', isCommands] = url.pathname.split('/');
    const result = await this.#result(request, word, isCommands !== undefined);
    if (!result.ok) this.#tally.add('web.commandRefused');
    // A state is given as it is, as all lists of this door are; what was commanded is answered as on a control port.
    if (result.ok && request.method !== 'POST') answerJson(request, response, 200, result.value);
    else answerJson(request, response, result.ok ? 200 : commandStatus(result.code), result);
  }

  async #result(request: IncomingMessage, word: string, isCommands: boolean): Promise<Result<unknown>> {
    const asked = decoded(word);
    const vehicle = asked === undefined ? undefined : this.#desk.vehicle(asked);
    if (request.method === 'POST') {
      const body = await readJson(request, this.#maxBodyBytes);
      if (!vehicle) return fail('unknownTerminal', asked ?? word);
      return this.#command(vehicle, body);
    }
    if (!vehicle) return fail('unknownTerminal', asked ?? word);
    if (isCommands) {
      this.#commands ??= { commands: commandList(), messages: messageList() };
      return { ok: true, value: this.#commands };
    }
    return { ok: true, value: { vehicleId: asked, ...this.#state(vehicle) } };
  }

  #state(vehicle: Vehicle): object {
    const { streams, recordings, services } = this.#desk.snapshot();
    const isOf = (row: object) => 'vehicleId' in row && row.vehicleId === vehicle.id;
    const kept = Object.entries(services).map(([kind, rows]) => [kind, (rows as object[]).filter(isOf)]);
    return {
      vehicle,
      position: vehicle.position ?? null,
      capabilities: vehicle.capabilities ?? null,
      streams: streams.filter(isOf),
      recordings: recordings.filter(isOf),
      services: Object.fromEntries(kept) as ServiceChanges,
    };
  }

  async #command(vehicle: Vehicle, body: { value: unknown } | undefined): Promise<Result<unknown>> {
    if (!body) return fail('badRequest', 'the body is no JSON, or too long');
    const asked = commandSchema.safeParse(body.value);
    if (!asked.success) return fail('badRequest', z.prettifyError(asked.error));
    const { command: name, args } = asked.data;
    const command = vehicleCommands.get(name);
    if (!command) return fail('unknownMethod', `${name}: GET of this address lists the commands of a vehicle`);
    if (command.needsSocket)
      return fail('badRequest', `${name} comes with pictures or sound: it needs a WebSocket, /ws/console or /ws/video`);
    const named = this.#named(vehicle, command, args);
    if (!named.ok) return named;
    const checked = rpcArgs[command.method].safeParse(named.value);
    if (!checked.success) return fail('badRequest', z.prettifyError(checked.error));
    return this.#call(command.method as DeskMethod, checked.data);
  }

  /** The arguments with the vehicle of the path in them. One that they name themselves must be the same. */
  #named(vehicle: Vehicle, command: VehicleCommand, args: Record<string, unknown>): Result<Record<string, unknown>> {
    const { vehicleId, vehicleIds, ...rest } = args;
    const others = [vehicleId, ...(Array.isArray(vehicleIds) ? vehicleIds : [vehicleIds])].filter(
      id => id !== undefined,
    );
    if (others.some(id => typeof id !== 'string' || this.#desk.vehicle(id)?.id !== vehicle.id))
      return fail('badRequest', 'the arguments name another vehicle than the address');
    if (command.naming === 'vehicleId') return { ok: true, value: { ...rest, vehicleId: vehicle.id } };
    if (command.naming === 'vehicleIds') return { ok: true, value: { ...rest, vehicleIds: [vehicle.id] } };
    const id = rest[command.rowField ?? ''];
    const { services, recordings } = this.#desk.snapshot();
    const rows: { id: string | number; vehicleId?: string }[] = [...recordings, ...Object.values(services).flat()];
    const foreign = rows.some(row => row.id === id && row.vehicleId !== undefined && row.vehicleId !== vehicle.id);
    return foreign ? fail('badRequest', `${String(id)} is of another vehicle`) : { ok: true, value: rest };
  }

  async #call(method: DeskMethod, args: unknown): Promise<Result<unknown>> {
    try {
      return await (this.#desk.calls[method as Method & DeskMethod] as (args: unknown) => Promise<Result<unknown>>)(
        args,
      );
    } catch (thrown) {
      if (!(thrown instanceof ConvoyError)) this.#tally.add('web.internal');
      return failure(thrown);
    }
  }
}

function decoded(word: string): string | undefined {
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}
