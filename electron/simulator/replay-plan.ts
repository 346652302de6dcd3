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

/** One answer of the vehicle: a message, or its parts in order. */
interface Answer {
  readonly messages: Message[];
  readonly hasSerial: boolean;
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
    return answer.messages.map(({ header, body }, at) => {
      const bytes = new Uint8Array(body);
      if (at === 0 && answer.hasSerial && bytes.length >= 2) new DataView(bytes.buffer).setUint16(0, serial);
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
    if (unit.direction === 'out') return;
    this.#keepAnswer(content.message);
  }

  #keepAnswer(message: Message): void {
    const { header, body } = message;
    if (header.id === generalReply && body.length >= 4) {
      this.#add([((body[2] as number) << 8) | (body[3] as number)], { messages: [message], hasSerial: true });
      return;
    }
    const reply = replies.get(header.id);
    if (!reply) return;
    const isLater = (header.part?.index ?? 1) > 1;
    if (!isLater) this.#add(reply.to, { messages: [message], hasSerial: reply.hasSerial });
    else
      this.#answers
        .get(reply.to[0] as number)
        ?.at(-1)
        ?.messages.push(message);
  }

  #add(commands: readonly number[], answer: Answer): void {
    for (const command of commands) {
      const kept = this.#answers.get(command) ?? [];
      this.#answers.set(command, kept);
      // What is said of a command beside its own answer is no second one.
      const isBeside =
        answer.messages[0]?.header.id === generalReply && kept.at(-1)?.messages[0]?.header.id !== generalReply;
      if (kept.length < mostAnswers && !(isBeside && kept.length > 0)) kept.push(answer);
    }
  }

  #acknowledgement(id: number): Answer | undefined {
    if (!this.first) return undefined;
    const { version, protocolVersion, phone } = this.first.header;
    const body = Uint8Array.of(0, 0, id >>> 8, id & 0xff, 0);
    const header = { id: generalReply, version, protocolVersion, encryption: 0, phone, serial: 0 };
    return { messages: [{ header, body }], hasSerial: true };
  }
}
