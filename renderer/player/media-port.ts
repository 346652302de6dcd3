import type { MediaUp } from '../../electron/contract.ts';

/**
 * What a player needs of a MessagePort. A real one can be handed on to a worker; over the web door an object of this
 * shape stands in for it.
 */
export interface MediaPort {
  postMessage(message: MediaUp): void;
  /** `data` is a MediaDown. Setting it does not start a real port: call `start`. */
  onmessage: ((event: MessageEvent) => void) | null;
  start(): void;
  close(): void;
}
