import { basename } from 'node:path';

/**
 * The name under which a download of our page is kept. The page puts it behind the address as well: where the system has no
 * UTF-8 locale Chromium makes `download` of every name that is not ASCII.
 * @param suggested as Chromium has it
 */
export function nameOfSaved(address: string, suggested: string): string {
  const at = address.indexOf('#');
  let named = '';
  try {
    named = at < 0 ? '' : decodeURIComponent(address.slice(at + 1));
  } catch {
    // No name of ours: what Chromium says is good enough.
  }
  const safe = basename(named.replaceAll('\\', '/')).replace(/^\.+|[\p{Cc}:*?"<>|]/gu, '');
  return safe || basename(suggested) || 'download';
}

/** More are not remembered: what was saved long ago is found in its folder. */
const ceiling = 500;

/** Files that the page had saved while this program runs: the only ones that it may have shown in their folder. */
export class SavedFiles {
  readonly #paths = new Map<string, string>();

  add(name: string, path: string): void {
    this.#paths.delete(name);
    this.#paths.set(name, path);
    const oldest = this.#paths.keys().next();
    if (this.#paths.size > ceiling && !oldest.done) this.#paths.delete(oldest.value);
  }

  /** Where a file lies that was saved under this name; undefined for anything else the page may say. */
  path(name: unknown): string | undefined {
    return typeof name === 'string' ? this.#paths.get(name) : undefined;
  }
}
