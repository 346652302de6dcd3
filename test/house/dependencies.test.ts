import { describe, expect, it } from 'vitest';
import { importsOf, sources, text } from './source-tree.ts';

const manifest = JSON.parse(text('package.json'));
const lock = JSON.parse(text('package-lock.json'));
const runtime: Record<string, string> = manifest.dependencies;
const all: Record<string, string> = { ...runtime, ...manifest.devDependencies };

/** The package of an import: its first part, or its first two under a scope. */
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** Types alone, of a package that has nothing else: only `@types/…` is there to be declared. */
const isTypesOnly = (path: string, name: string) =>
  !all[name] && Boolean(all[`@types/${name}`]) && new RegExp(`^import type [^;]*from '${name}';`, 'm').test(text(path));

describe('dependencies', () => {
  it('are pinned to exact versions, and the lock has the same', () => {
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect({ ...lock.packages[''].dependencies, ...lock.packages[''].devDependencies }).toEqual(all);
  });

  it('are each explained', () => {
    const explained = [...text('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(match => match[1]);
    expect([...explained].sort()).toEqual(Object.keys(all).sort());
  });

  it('are declared where they are used', () => {
    const packages = sources.flatMap(path =>
      importsOf(path)
        .filter(name => !/^(node:|virtual:|(electron|renderer|test|bench)\/)/.test(name))
        .map(name => ({ path, name: packageOf(name) }))
        .filter(({ name }) => !isTypesOnly(path, name)),
    );
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter(({ name }) => !all[name])).toEqual([]);
    const built = packages.filter(
      ({ path, name }) =>
        /^(electron|renderer)\//.test(path) && !path.endsWith('vite.config.ts') && name !== 'electron',
    );
    expect(built.filter(({ name }) => !runtime[name])).toEqual([]);
  });
});
