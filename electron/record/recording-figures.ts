import type { ErrorCode, RecordingPhase } from '../contract.ts';

/** Figures of a recording. */
export interface RecordingFigures {
  readonly phase: RecordingPhase;
  readonly bytes: number;
  readonly frames: number;
  readonly lastFrameAt: number;
  readonly error: { code: ErrorCode; message: string } | undefined;
  /** What is heard of the camera, and whether it is kept; undefined before the first sound. */
  readonly sound: { codec: string; isKept: boolean } | undefined;
}
