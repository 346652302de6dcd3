import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths relative to the root, with forward slashes, of every file under `folder` that ends in one of `endings`. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && endings.some(ending => entry.name.endsWith(ending)))
    .map(entry => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter(path => !path.split('/').some(part => part === 'node_modules' || part === 'output'))
    .sort();
}

export const sourceEndings = ['.ts', '.tsx'];
export const sources = ['electron', 'renderer', 'test', 'bench'].flatMap(folder => filesUnder(folder, sourceEndings));

export function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const specifier =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;()]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

/** What a file imports: packages by name, own files by their path from the root. Dynamic imports and re-exports too. */
export function importsOf(path: string): string[] {
  return importsIn(text(path), path);
}

export function importsIn(source: string, path: string): string[] {
  const bare = source.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  return [...bare.matchAll(specifier)].map(match => {
    const name = match[1] ?? match[2] ?? '';
    return name.startsWith('.') ? posix.normalize(posix.join(dirname(path), name)) : name;
  });
}
