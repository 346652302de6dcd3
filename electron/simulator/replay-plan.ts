import { encodeFrame, type Message } from '../codec/jt808/frame.ts';
import { contentOf, type TraceHead, type TraceUnit } from '../codec/trace/trace-unit.ts';
import { traceUnits } from '../record/trace/trace-export.ts';

/** Messages that answer a command, which commands those are, and whether they begin with the command's serial. */
const replies = new Map<number, { to: readonly number[]; hasSerial: boolean }>([
  [0x0104, { to: [0x8104, 0x8106], hasSerial: true }],
  [0x0107, { to: [0x8107], hasSerial: false }],
  [0x0201, { to: [0x8201], hasSerial: true }],
  [0x0500, { to: [0x8500], hasSerial: true }],
  [0x0802, { to: [0x8802], hasSerial: true }],
  [0x0805, { to: [0x8801], hasSerial: true }],
  [0x1003, { to: [0x9003], hasSerial: false }],
  [0x1205, { to: [0x9205, 0x9201], hasSerial: true }],
]);
const generalReply = 0x0001;
/** 0x0100 and 0x0102. */
export const entryIds: readonly number[] = [0x0100, 0x0102];
/** Answers kept of one command; the last is given again and again. */
const mostAnswers = 1000;

/** What the vehicle said to one command, in order: a general reply, a message of its own or its parts, or both. */
interface Answer {
  /** Of the command; undefined where the answer does not name it. */
  readonly serial: number | undefined;
  readonly messages: { readonly message: Message; readonly hasSerial: boolean }[];
}

export interface PlannedConnection {
  readonly transport: 'tcp' | 'udp';
  /** It carried 808: of TCP that belongs to the signal port. */
  isSignalling: boolean;
}

/** What must be known of a trace before it can be played: who calls which port, and what is answered to what. */
export class ReplayPlan {
  readonly connections = new Map<number, PlannedConnection>();
  head: TraceHead | undefined;
  /** First message, of either side: its header is what all of them look like. */
  first: Message | undefined;
  /** The connection on which the vehicle was there already when the trace began; its first message is no entry. */
  present: number | undefined;
  units = 0;
  readonly #answers = new Map<number, Answer[]>();
  /** Command that our message of a serial was, the last of that serial. */
  readonly #commands = new Map<number, number>();

  /** @throws TraceDamaged, or the file system's error */
  static async read(file: string): Promise<ReplayPlan> {
    const plan = new ReplayPlan();
    for await (const units of traceUnits(file, head => {
      plan.head = head;
    }))
      for (const unit of units) plan.#note(unit);
    return plan;
  }

  /** True for what is sent when it is asked for, not when it was. */
  isAnswer({ header }: Message): boolean {
    return header.id === generalReply || replies.has(header.id);
  }

  /** Frames that answer a command as the vehicle did. A command that it never was given is acknowledged. */
  answer(command: Message): Uint8Array[] {
    const { id, serial } = command.header;
    const kept = this.#answers.get(id);
    const answer = (kept && kept.length > 1 ? kept.shift() : kept?.[0]) ?? this.#acknowledgement(id);
    if (!answer) return [];
    return answer.messages.map(({ message: { header, body }, hasSerial }) => {
      const bytes = new Uint8Array(body);
      if (hasSerial && bytes.length >= 2) new DataView(bytes.buffer).setUint16(0, serial);
      return encodeFrame(header, bytes, header.part);
    });
  }

  #note(unit: TraceUnit): void {
    this.units++;
    const { connection, transport } = unit;
    const content = contentOf(unit);
    if (content.kind === 'closed') return;
    let planned = this.connections.get(connection);
    if (!planned) {
      planned = { transport, isSignalling: false };
      this.connections.set(connection, planned);
    }
    if (content.kind !== 'signal') return;
    planned.isSignalling = true;
    if (!this.first) {
      this.first = content.message;
      if (!entryIds.includes(content.message.header.id)) this.present = connection;
    }
    const { header } = content.message;
    if (unit.direction === 'in') this.#keepAnswer(content.message);
    else if ((header.part?.index ?? 1) === 1) this.#commands.set(header.serial, header.id);
  }

  #keepAnswer(message: Message): void {
    const { header, body } = message;
    const reply = replies.get(header.id);
    const isGeneral = header.id === generalReply && body.length >= 4;
    if (!isGeneral && !reply) return;
    if ((header.part?.index ?? 1) > 1) {
      for (const command of reply?.to ?? []) this.#continue(command, message);
      return;
    }
    const hasSerial = isGeneral || reply?.hasSerial === true;
    const serial = hasSerial && body.length >= 2 ? word(body, 0) : undefined;
    const asked = serial === undefined ? undefined : this.#commands.get(serial);
    const known = asked !== undefined && reply?.to.includes(asked) ? [asked] : (reply?.to ?? []);
    for (const command of isGeneral ? [word(body, 2)] : known) this.#add(command, serial, { message, hasSerial });
  }

  #add(command: number, serial: number | undefined, said: Answer['messages'][number]): void {
    const kept = this.#answers.get(command) ?? [];
    this.#answers.set(command, kept);
    const last = kept.at(-1);
    const isOfLast =
      serial === undefined
        ? last?.messages.every(({ message }) => message.header.id === generalReply)
        : last !== undefined &&
          (last.serial === serial || (last.serial === undefined && said.message.header.id === generalReply));
    if (last && isOfLast) last.messages.push(said);
    else if (kept.length < mostAnswers) kept.push({ serial, messages: [said] });
  }

  /** A part goes where the parts before it went. */
  #continue(command: number, message: Message): void {
    const messages = this.#answers.get(command)?.at(-1)?.messages;
    if (messages?.some(each => each.message.header.id === message.header.id && each.message.header.part))
      messages.push({ message, hasSerial: false });
  }

  #acknowledgement(id: number): Answer | undefined {
    if (!this.first) return undefined;
    const { version, protocolVersion, phone } = this.first.header;
    const body = Uint8Array.of(0, 0, id >>> 8, id & 0xff, 0);
    const header = { id: generalReply, version, protocolVersion, encryption: 0, phone, serial: 0 };
    return { serial: undefined, messages: [{ message: { header, body }, hasSerial: true }] };
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
