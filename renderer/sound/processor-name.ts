/** Under which the worklet's module registers the processor of a voice. */
export const processorName = 'convoy-voice';
