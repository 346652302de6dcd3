import { replyResult } from '../codec/jt808/body/general-reply.ts';

interface KnownMessage {
  /** The standard's own title, in English. */
  readonly name: string;
  /** What 0x8001 says to it. */
  readonly result: number;
}

const taken = (name: string): KnownMessage => ({ name, result: replyResult.ok });
/** The standard answers it with a message of its own, which this program has not. */
const notServed = (name: string): KnownMessage => ({ name, result: replyResult.unsupported });

/**
 * Messages of terminals that the standards define and this program does not read. They are answered, so that the
 * terminal does not send them for ever.
 */
export const knownMessages: ReadonlyMap<number, KnownMessage> = new Map([
  // 808-2011, 808-2013, 808-2019
  [0x0004, notServed('Query server time')],
  [0x0108, taken('Terminal upgrade result')],
  [0x0201, taken('Position query response')],
  [0x0301, taken('Event report')],
  [0x0302, taken('Question response')],
  [0x0303, taken('Information on demand')],
  [0x0500, taken('Vehicle control response')],
  [0x0608, taken('Query area or route response')],
  [0x0700, taken('Driving record upload')],
  [0x0701, taken('Electronic waybill')],
  [0x0702, taken('Driver identity')],
  [0x0705, taken('CAN bus data')],
  [0x0800, taken('Multimedia event')],
  [0x0801, taken('Multimedia data')],
  [0x0802, taken('Stored multimedia search response')],
  [0x0805, taken('Camera shot response')],
  [0x0900, taken('Data pass-through up')],
  [0x0901, taken('Compressed data')],
  [0x0a00, notServed('Terminal RSA public key')],
  // 1078-2016
  [0x1005, taken('Passenger flow')],
  [0x1205, taken('Resource list')],
  [0x1206, taken('File upload completed')],
]);
