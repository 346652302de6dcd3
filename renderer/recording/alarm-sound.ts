/** Three rising tones, Hz: heard through the noise of a room, unlike any sound of a vehicle. */
const tones = [660, 880, 1100];
const toneSeconds = 0.18;
const loudness = 0.25;

/** The sound of a recorder that fails. */
export class AlarmSound {
  #context: AudioContext | undefined;

  /** Silent where the page may not make a sound before anybody has touched it; the banner is there all the same. */
  play(): void {
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume().catch(() => undefined);
    tones.forEach((frequency, i) => {
      const begin = context.currentTime + i * toneSeconds * 1.3;
      const tone = new OscillatorNode(context, { frequency, type: 'triangle' });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(loudness, begin);
      gain.gain.exponentialRampToValueAtTime(0.001, begin + toneSeconds);
      tone.connect(gain).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + toneSeconds);
    });
  }
}
