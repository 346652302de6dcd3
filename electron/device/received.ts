import type { HeaderVersion } from '../codec/jt808/frame.ts';
import type { Reading } from '../codec/jt808/messages.ts';

/** What an authenticated terminal said, whole and understood. */
export interface Received {
  readonly vehicleId: string;
  readonly reading: Reading;
  /** Of the message, or of its first part: what later messages name it by. A 0x0200 is handed on before it is shown. */
  readonly serial: number;
  readonly version: HeaderVersion;
  /** ms since 1970. */
  readonly receivedAt: number;
  /**
   * 0x8001 with one of `replyResult`. Only for a message whose receiver said that it answers: 0x0801, which is
   * confirmed once its picture is kept.
   */
  answer(result: number): void;
}

/**
 * Hands on what terminals say beside heartbeats and acknowledgements; also answers to commands, which the one who asked
 * has had already. Never throws.
 * @returns true when the receiver answers a 0x0801 itself
 */
export type Receive = (received: Received) => boolean;
