/** The parts of mediacapture-transform that Chromium ships and TypeScript's DOM library leaves out. */
export interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}

type TrackGeneratorConstructor = new (init: { kind: 'video' }) => TrackGenerator;

export function trackGenerator(): TrackGeneratorConstructor | undefined {
  return (globalThis as { MediaStreamTrackGenerator?: TrackGeneratorConstructor }).MediaStreamTrackGenerator;
}
