/** Distinct ids remembered; further ones count together. */
const maxIds = 512;
const others = 'others';

/** What terminals sent that nothing here reads, by id. */
export class UnknownMessages {
  readonly #counts = new Map<string, number>();

  add(id: number): void {
    const name = messageName(id);
    const key = this.#counts.has(name) || this.#counts.size < maxIds ? name : others;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Most frequent first. */
  rows(): { id: string; count: number }[] {
    return [...this.#counts].map(([id, count]) => ({ id, count })).sort((a, b) => b.count - a.count);
  }
}

/** `0x0F01`. */
export function messageName(id: number): string {
  return `0x${id.toString(16).toUpperCase().padStart(4, '0')}`;
}
