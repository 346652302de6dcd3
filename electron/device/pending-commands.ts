import type { Clock } from '../clock.ts';
import { type GeneralReply, replyResult } from '../codec/jt808/body/general-reply.ts';
import type { ErrorCode, Result } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Tally } from '../tally.ts';
import { messageName } from './unknown-messages.ts';

export interface SentCommand {
  readonly id: number;
  /** Of the first frame; parts count on, modulo 65536. */
  readonly serial: number;
  readonly parts: number;
  /** The message that answers, when it is not 0x0001. */
  readonly replyId?: number;
  /** A yes by 0x0001 answers as well. */
  readonly orAcknowledged?: true;
  readonly timeoutMs: number;
}

interface Waiting extends SentCommand {
  /** 0x0001 said yes to some of it. */
  acknowledged: boolean;
  /** Some of its answer came, in sub-packages. */
  begun: boolean;
  /** An answer of its kind came, with a serial that fits nothing. */
  mismatched: boolean;
  cancelTimer: () => void;
  readonly settle: (result: Result<unknown>) => void;
}

/** Commands of one session that wait for their answers, oldest first. */
export class PendingCommands {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #timeoutName: string;
  readonly #waiting: Waiting[] = [];

  /** @param timeoutName what one that is never answered is counted under */
  constructor(clock: Clock, tally: Tally, timeoutName: 'device.commandTimeout' | 'device.noticeTimeout') {
    this.#clock = clock;
    this.#tally = tally;
    this.#timeoutName = timeoutName;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves with the answer's value (null for 0x0001), or with why there is none. */
  add(command: SentCommand): Promise<Result<unknown>> {
    return new Promise(resolve => {
      const waiting: Waiting = {
        ...command,
        acknowledged: false,
        begun: false,
        mismatched: false,
        cancelTimer: this.#clock.after(command.timeoutMs, () => this.#timeOut(waiting)),
        settle: resolve,
      };
      this.#waiting.push(waiting);
    });
  }

  /** A 0x0001: it answers the command whose serial and id it repeats. False when there is none. */
  acknowledge(reply: GeneralReply): boolean {
    const waiting = this.#waiting.find(
      entry => entry.id === reply.replyId && ((reply.replySerial - entry.serial) & 0xffff) < entry.parts,
    );
    if (!waiting) return false;
    const { result } = reply;
    if (result !== replyResult.ok) {
      const code: ErrorCode =
        result === replyResult.badMessage
          ? 'commandBadMessage'
          : result === replyResult.unsupported
            ? 'commandUnsupported'
            : 'commandFailed';
      this.#settle(waiting, fail(code, `${messageName(waiting.id)}, result ${result}`));
      return true;
    }
    waiting.acknowledged = true;
    const isLastPart = ((reply.replySerial - waiting.serial) & 0xffff) === waiting.parts - 1;
    if ((waiting.replyId === undefined || waiting.orAcknowledged) && isLastPart)
      this.#settle(waiting, { ok: true, value: null });
    return true;
  }

  /**
   * A message that is an answer of its own. Without a serial in it (0x1003, 0x0107) it answers every command that waits
   * for that id: a terminal that let an earlier one go unanswered would else answer that instead.
   */
  answer(replyId: number, replySerial: number | undefined, value: unknown): boolean {
    const ofKind = this.#waiting.filter(entry => entry.replyId === replyId);
    const answered = ofKind.filter(
      entry => replySerial === undefined || ((replySerial - entry.serial) & 0xffff) < entry.parts,
    );
    if (answered.length === 0 && ofKind[0]) ofKind[0].mismatched = true;
    for (const waiting of replySerial === undefined ? answered : answered.slice(0, 1))
      this.#settle(waiting, { ok: true, value });
    return answered.length > 0;
  }

  /** A part came of an answer in sub-packages: whoever waits for that id waits from now. */
  begun(replyId: number): void {
    const waiting = this.#waiting.find(entry => entry.replyId === replyId);
    if (!waiting) return;
    waiting.begun = true;
    waiting.cancelTimer();
    waiting.cancelTimer = this.#clock.after(waiting.timeoutMs, () => this.#timeOut(waiting));
  }

  failAll(code: ErrorCode): void {
    for (const waiting of [...this.#waiting]) this.#settle(waiting, fail(code, messageName(waiting.id)));
  }

  /** A terminal that acknowledged only one of several parts took the whole. */
  #timeOut(waiting: Waiting): void {
    if (waiting.acknowledged && waiting.replyId === undefined) {
      this.#settle(waiting, { ok: true, value: null });
      return;
    }
    this.#tally.add(this.#timeoutName);
    const code = waiting.mismatched ? 'answerMismatched' : waiting.begun ? 'answerIncomplete' : 'commandTimeout';
    this.#settle(waiting, fail(code, messageName(waiting.id)));
  }

  #settle(waiting: Waiting, result: Result<unknown>): void {
    const at = this.#waiting.indexOf(waiting);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    waiting.cancelTimer();
    waiting.settle(result);
  }
}
