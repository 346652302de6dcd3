import { sequenceStep } from './lane.ts';

/** Numbers remembered on either side; a power of two. */
const remembered = 64;
/** Pictures in a row that only a counter shared with the sound explains, until that is believed again. */
const believedEvidence = 4;

/**
 * Whether the sound of one channel counts together with its pictures, as the standard says and the captures show, or has
 * numbers of its own, as RTP would have it and some senders do. A number that does not fit the pictures' must not be taken
 * for a loss among them: such sound goes its own way, and the next picture shows whether anything is missing.
 */
export class SoundSharing {
  readonly #pictures = new Int32Array(remembered).fill(-1);
  readonly #sounds = new Int32Array(remembered).fill(-1);
  /** The last number that counted, of either kind, and the last of each kind; -1: none. */
  #counted = -1;
  #picture = -1;
  #sound = -1;
  #isApart = false;
  #evidence = 0;

  /** @param number of a sound packet @param elsewhere last number of the terminal on any channel @param window 0 over TCP */
  countsSound(number: number, elsewhere: number, window: number): boolean {
    this.#sound = number;
    if (this.#isApart || this.#pictures[number % remembered] === number) return false;
    // Over UDP the sound may be early, and its number be missed among the pictures.
    if (this.#picture < 0 ? window === 0 : !this.#isNear(number, elsewhere, window)) return false;
    this.#sounds[number % remembered] = number;
    this.#count(number);
    return true;
  }

  /**
   * @returns what a picture's number says: `apart` when it was a sound's before, or nowhere near the sounds that came first,
   * so that the count so far is void
   */
  picture(number: number, window: number): 'counts' | 'apart' | 'apartUnbroken' {
    const follows = this.#picture >= 0 && sequenceStep(this.#picture, number) === 1;
    const isTaken = !this.#isApart && this.#contradicts(number, window);
    if (this.#isApart) this.#weigh(number, follows);
    this.#pictures[number % remembered] = number;
    this.#picture = number;
    this.#count(number);
    if (!isTaken) return 'counts';
    this.#isApart = true;
    this.#evidence = 0;
    return follows ? 'apartUnbroken' : 'apart';
  }

  #contradicts(number: number, window: number): boolean {
    if (this.#sounds[number % remembered] === number) return this.#picture !== number;
    return this.#picture < 0 && this.#counted >= 0 && !isNear(this.#counted, number, window);
  }

  #isNear(number: number, elsewhere: number, window: number): boolean {
    return isNear(this.#counted, number, window) || isNear(elsewhere, number, window);
  }

  /** What lies half a round ahead is from the round before. */
  #count(number: number): void {
    this.#counted = number;
    this.#pictures[(number + remembered / 2) % remembered] = -1;
    this.#sounds[(number + remembered / 2) % remembered] = -1;
  }

  #weigh(number: number, follows: boolean): void {
    if (follows) this.#evidence = 0;
    else if (sequenceStep(this.#sound, number) === 1) this.#evidence++;
    if (this.#evidence < believedEvidence) return;
    this.#isApart = false;
    this.#sounds.fill(-1);
  }
}

/** Over TCP only the next one: a gap before a sound is told by the picture after it. */
function isNear(from: number, number: number, window: number): boolean {
  if (from < 0) return false;
  const step = sequenceStep(from, number);
  return window === 0 ? step === 1 : Math.abs(step) <= window;
}
