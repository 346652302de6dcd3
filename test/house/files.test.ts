import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, root, sources, text } from './source-tree.ts';

const product = sources.filter(path => /^(electron|renderer)\//.test(path));
/** Files over 400 lines, each with its reason. 600 is the end. */
const longWithReason: Record<string, string> = {
  'electron/config.ts': 'one table, a row per setting',
};
const topLevel = [
  ...['.biome.json', '.ci', '.gitattributes', '.git', '.github', '.gitignore', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...['LICENSE', 'README.md', 'bench', 'docs', 'electron', 'electron-builder.yml', 'package-lock.json', 'package.json'],
  ...['renderer', 'test', 'tsconfig.json', 'dist', 'node_modules', 'release'],
];

describe('files', () => {
  it('are named by the noun inside', () => {
    const banned = /^(utils?|helpers?|misc|common|types|index)\.(ts|tsx)$/i;
    expect(sources.filter(path => banned.test(basename(path)))).toEqual([]);
  });

  it('have kebab-case names, and PascalCase only for components', () => {
    const fine = /^([a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.tsx?|[A-Z][A-Za-z0-9]*(\.test)?\.tsx)$/;
    expect(sources.filter(path => !fine.test(basename(path)))).toEqual([]);
  });

  it('stay short enough to be seen whole', () => {
    const lengths = product.map(path => ({ path, lines: text(path).split('\n').length }));
    const others = lengths.filter(({ path }) => path !== 'electron/contract.ts');
    expect(others.filter(({ lines }) => lines > 600)).toEqual([]);
    expect(others.filter(({ path, lines }) => lines > 400 && !longWithReason[path])).toEqual([]);
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(120);
  });

  it('export by name', () => {
    const configs = /(vite|vitest)\.config\.ts$/;
    expect(sources.filter(path => !configs.test(path) && /^export default/m.test(text(path)))).toEqual([]);
  });

  it('lie where the design has a place for them', () => {
    expect(readdirSync(root).filter(name => !topLevel.includes(name) && !name.endsWith('.log'))).toEqual([]);
  });

  it('name no folder of one machine', () => {
    const own = [
      ['', 'work', ''],
      ['', 'root', ''],
      ['', 'tmp', 'convoy'],
      ['', 'farm', ''],
    ].map(parts => parts.join('/'));
    const texts = ['electron', 'renderer', 'test', 'bench', 'docs', '.github', '.ci'].flatMap(folder =>
      existsSync(join(root, folder))
        ? filesUnder(folder, ['.ts', '.tsx', '.md', '.json', '.yml', '.css', '.html', 'run'])
        : [],
    );
    const top = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'electron-builder.yml', 'package.json'];
    expect(texts.length).toBeGreaterThan(50);
    expect([...texts, ...top].filter(path => own.some(part => text(path).includes(part)))).toEqual([]);
  });

  it('leave nothing for later', () => {
    const marks = new RegExp(`\\b(${['TO', 'FIX', 'XX'].map((a, at) => a + ['DO', 'ME', 'X'][at]).join('|')})\\b`);
    expect(sources.filter(path => marks.test(text(path)))).toEqual([]);
  });
});
