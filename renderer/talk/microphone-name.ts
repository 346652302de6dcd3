/** Under which the worklet's module registers the processor of the microphone. */
export const microphoneName = 'convoy-microphone';

/** Worklet → page: 20 ms at 8 kHz, and how loud they are, 0 to 1, root mean square. */
export interface MicrophoneSound {
  samples: Int16Array<ArrayBuffer>;
  level: number;
}
