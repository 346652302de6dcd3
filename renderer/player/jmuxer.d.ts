/** The parts of jmuxer 2.1.1 that are used; the package carries no types. */
declare module 'jmuxer' {
  interface JMuxerOptions {
    node: HTMLVideoElement;
    mode: 'video';
    videoCodec: 'H264';
    /** Ms; 0: what is fed is appended at once. */
    flushingTime: number;
    /** Ms. */
    maxDelay: number;
    clearBuffer: boolean;
    fps: number;
    debug: boolean;
    live: boolean;
    onReady(isReset: boolean, mediaSource: MediaSource): void;
    onError(error: { type: string; name: string; error: string }): void;
    onUnsupportedCodec(codec: string): void;
  }

  interface JMuxerFeed {
    video: Uint8Array;
    /** Whole ms. */
    duration: number;
    isLastVideoFrameComplete: boolean;
  }

  class JMuxer {
    constructor(options: JMuxerOptions);
    feed(data: JMuxerFeed): void;
    /** Appends what waited because the SourceBuffer was busy. */
    releaseBuffer(): void;
    /** Begins again from nothing after a failed append. */
    reset(): void;
    destroy(): void;
  }

  // biome-ignore lint/style/noDefaultExport: the package has no other export.
  export default JMuxer;
}
