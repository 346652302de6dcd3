import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Deeper is refused. */
const maxDepth = 6;
const maxNameBytes = 120;
/** What no file system that we run on takes in a name, and what ends a line of FTP. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const badName = /[\u0000-\u001f\u007f<>:"|?*\\]|^\.{1,2}$|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export interface StoredUpload {
  /** Below the folder, with `/` between its parts. */
  readonly name: string;
  readonly bytes: number;
}

/** The one folder of an upload. A client's paths begin at it: `/` is the folder, and nothing is above. */
export class UploadFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Parts of a client's path, from the folder on; undefined for one that would leave it or cannot be a file's.
   * @param from parts of the folder that a relative path begins at
   */
  parts(path: string, from: readonly string[] = []): string[] | undefined {
    const found = path.startsWith('/') ? [] : [...from];
    for (const part of path.split('/')) {
      if (part === '' || part === '.') continue;
      if (badName.test(part) || Buffer.byteLength(part) > maxNameBytes) return undefined;
      found.push(part);
    }
    return found.length <= maxDepth ? found : undefined;
  }

  /**
   * Where the parts lie, once every folder on the way was seen to be a folder and no link. Undefined when one is not, or is
   * missing. What lies at the end may be missing.
   */
  async place(parts: readonly string[]): Promise<string | undefined> {
    let path = this.path;
    for (const [at, part] of parts.entries()) {
      path = join(path, part);
      const found = await lstat(path).catch(() => undefined);
      const isLast = at === parts.length - 1;
      if (!found && !isLast) return undefined;
      if (found && !found.isDirectory() && !(isLast && found.isFile())) return undefined;
    }
    return path;
  }

  async make(parts: readonly string[] = []): Promise<boolean> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = await this.place(parts.slice(0, depth));
      if (path === undefined) return false;
      const found = await lstat(path).catch(() => undefined);
      if (found && !found.isDirectory()) return false;
      if (!found) await mkdir(path, { mode: 0o700 });
    }
    return true;
  }

  /** Every regular file, links left out; none when the folder is gone. Never rejects. */
  async files(): Promise<StoredUpload[]> {
    const found: StoredUpload[] = [];
    const look = async (path: string, name: string, depth: number): Promise<void> => {
      for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
        const each = name ? `${name}/${entry.name}` : entry.name;
        const at = join(path, entry.name);
        if (entry.isDirectory() && depth < maxDepth) await look(at, each, depth + 1);
        if (!entry.isFile()) continue;
        const stat = await lstat(at).catch(() => undefined);
        if (stat) found.push({ name: each, bytes: stat.size });
      }
    };
    await look(this.path, '', 0);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Never rejects. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true }).catch(() => undefined);
  }
}
