import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode, TalkMode, TalkPhase } from '../../electron/contract.ts';
import type { MicrophoneState } from '../talk/microphone.ts';
import type { Camera } from '../wall/arrangement.ts';

/** The one talk of this console. */
export interface Talk {
  mode: TalkMode;
  vehicleIds: readonly string[];
  /** The tile it is shown on; null for a broadcast. */
  camera: Camera | null;
  /** The server's number; 0 before it has answered. */
  number: number;
  /** Of a broadcast: how the best of its terminals stands. */
  phase: TalkPhase;
  /** Why it is over. */
  code?: ErrorCode;
}

export interface Talking {
  talk: Talk | null;
  microphone: MicrophoneState;
  /** The operator speaks: a key or a button is held, or latched. */
  speaking: boolean;
  latched: boolean;
}

export type TalkingStore = StoreApi<Talking>;

export function createTalkingStore(): TalkingStore {
  return createStore<Talking>()(() => ({ talk: null, microphone: 'closed', speaking: false, latched: false }));
}

export function isOver(phase: TalkPhase): boolean {
  return phase === 'refused' || phase === 'busy' || phase === 'closed';
}
