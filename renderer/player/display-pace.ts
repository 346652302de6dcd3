/**
 * Keeps the page's display at its full rate while live pictures are shown. Chromium (components/viz, the matcher of frame
 * intervals for conferences) slows the whole display down to the fastest of two or more videos; what a track of decoded
 * frames reports as its own interval is the display's, so a wall that was once at 30 Hz stays there, and every picture
 * waits up to two intervals longer. Measured with 16 cameras of 15 frames a second: 50 ms from hand-over to picture at
 * 30 Hz, 25 ms at 60 Hz. An animation does not help (Chromium 156), a video of 60 frames a second does: this one is black,
 * 16 × 16, four seconds long, and shown on two pixels in a corner. A page that is hidden does not play it.
 */
export class DisplayPace {
  static #ofPage: DisplayPace | undefined;
  #holders = 0;
  #video: HTMLVideoElement | undefined;
  #clip: Promise<string> | undefined;

  static ofPage(): DisplayPace {
    DisplayPace.#ofPage ??= new DisplayPace();
    return DisplayPace.#ofPage;
  }

  /** Returns what lets go again. */
  hold(): () => void {
    this.#holders += 1;
    if (this.#holders === 1) this.#show();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#hide();
    };
  }

  #show(): void {
    const video = document.createElement('video');
    video.muted = true;
    video.loop = true;
    video.autoplay = true;
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.ariaHidden = 'true';
    video.dataset.pace = '';
    video.style.cssText =
      'position:fixed;left:0;bottom:0;width:2px;height:2px;z-index:2147483647;pointer-events:none;background:#000';
    this.#video = video;
    document.body.append(video);
    this.#clip ??= clipAddress();
    // Without it the wall is only slower.
    this.#clip.then(address => this.#play(video, address)).catch(() => undefined);
  }

  async #play(video: HTMLVideoElement, address: string): Promise<void> {
    if (video !== this.#video) return;
    video.src = address;
    await video.play();
  }

  #hide(): void {
    const video = this.#video;
    this.#video = undefined;
    if (!video) return;
    video.pause();
    video.removeAttribute('src');
    video.load();
    video.remove();
  }
}

/** The page's policy lets pictures come from blobs only. */
async function clipAddress(): Promise<string> {
  const response = await fetch(new URL('./display-pace.mp4', import.meta.url));
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: 'video/mp4' }));
}
