/** Two soft falling tones, Hz: an alarm of a vehicle, unlike the rising ones of a recorder that fails. */
const tones = [784, 587];
const toneSeconds = 0.28;
const loudness = 0.09;
/** Several at once are one sound. */
const pauseMs = 4000;

/** The sound of a serious alarm that nobody has confirmed. */
export class AlarmChime {
  #context: AudioContext | undefined;
  #playedAt = 0;

  /** Silent where the page may not make a sound before anybody has touched it; the badge is there all the same. */
  play(): void {
    if (performance.now() - this.#playedAt < pauseMs && this.#playedAt > 0) return;
    this.#playedAt = performance.now();
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume().catch(() => undefined);
    tones.forEach((frequency, i) => {
      const begin = context.currentTime + i * toneSeconds;
      const tone = new OscillatorNode(context, { frequency, type: 'sine' });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(loudness, begin);
      gain.gain.exponentialRampToValueAtTime(0.001, begin + toneSeconds);
      tone.connect(gain).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + toneSeconds);
    });
  }
}
