import { z } from 'zod';
import { messages } from '../codec/jt808/messages.ts';
import type { Method } from '../contract.ts';
import { isMethod, rpcArgs } from '../ipc/schema.ts';

/** How a method is told which vehicle it is for. */
type Naming = 'vehicleId' | 'vehicleIds' | 'row';

export interface VehicleCommand {
  readonly method: Method;
  readonly naming: Naming;
  /** The field that names a row of the vehicle, where `naming` is row. */
  readonly rowField?: string;
  /** It comes with a media port: HTTP has none. */
  readonly needsSocket: boolean;
}

/** One line of `GET /api/vehicles/{id}/commands`. */
export interface CommandListEntry {
  readonly command: Method;
  /** JSON Schema of `args`. */
  readonly args: unknown;
}

const namings = ['vehicleId', 'vehicleIds'] as const;
/** Fields by which a method names something that runs for a vehicle already. */
const rowFields = ['id', 'playback', 'search', 'fetch', 'upload', 'alarm', 'talk'] as const;

const methods = Object.keys(rpcArgs).filter(isMethod);
const families = new Set(methods.filter(name => namings.some(field => field in fieldsOf(name))).map(familyOf));

/** Every method of the contract that is for a vehicle: it takes its id, or the id of what runs for one. */
export const vehicleCommands: ReadonlyMap<string, VehicleCommand> = new Map(
  methods.flatMap((method): [string, VehicleCommand][] => {
    const fields = fieldsOf(method);
    const naming = namings.find(field => field in fields);
    const rowField = families.has(familyOf(method)) ? rowFields.find(field => field in fields) : undefined;
    const needsSocket = 'credits' in fields;
    if (naming) return [[method, { method, naming, needsSocket }]];
    return rowField ? [[method, { method, naming: 'row', rowField, needsSocket }]] : [];
  }),
);

/** Commands that HTTP can carry, with what they take beside the vehicle. */
export function commandList(): CommandListEntry[] {
  return [...vehicleCommands.values()]
    .filter(({ needsSocket }) => !needsSocket)
    .map(({ method }) => {
      const fields = Object.entries(fieldsOf(method)).filter(([name]) => !namings.some(field => field === name));
      const { $schema: _, ...args } = z.toJSONSchema(z.object(Object.fromEntries(fields)), { unrepresentable: 'any' });
      return { command: method, args };
    });
}

/** Messages that `terminal.send` takes. */
export function messageList(): { messageId: string; name: string }[] {
  return Object.values(messages)
    .filter(({ direction }) => direction === 'down')
    .map(({ id, name }) => ({ messageId: `0x${id.toString(16).toUpperCase().padStart(4, '0')}`, name }));
}

function fieldsOf(method: Method): Record<string, z.core.$ZodType> {
  const schema: unknown = rpcArgs[method];
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function familyOf(method: Method): string {
  return method.slice(0, method.indexOf('.'));
}
