import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsIn, importsOf, root, sources } from './source-tree.ts';

/** The path of a frame; alphabetical order is that order. */
const stages = ['accept', 'codec', 'device', 'frames', 'hub', 'ipc', 'record', 'simulator', 'web'];
const withElectron = ['electron/main.ts', 'electron/window.ts', 'electron/preload.ts'];
/** See all stages: the server, and its half that faces the vehicles. */
const wiring = ['electron/server.ts', 'electron/vehicle-doors.ts'];
/** Beside the stages, and on top of them: no stage may import these. */
const onTop = [
  ...withElectron,
  ...wiring,
  'electron/serve.ts',
  'electron/start.ts',
  'electron/main-port.ts',
  'electron/vite.config.ts',
];

const stageOf = (path: string) =>
  path.startsWith('electron/') && path.split('/').length > 2 ? path.split('/')[1] : undefined;
const own = (imports: string[]) => imports.filter(path => /^(electron|renderer|test|bench)\//.test(path));
const product = sources.filter(path => path.startsWith('electron/') || path.startsWith('renderer/'));

describe('imports', () => {
  it('are found in every form that TypeScript has', () => {
    const source = [
      "import { a } from '../b.ts';",
      "import type { A } from './c.ts';",
      'import {\n  d,\n  e,\n} from "./d/e.ts";',
      "export { f } from './f.ts';",
      "export * from './g.ts';",
      "import './h.css';",
      "const i = await import('./i.ts');",
      "import electron from 'electron';",
      "// import { no } from './comment.ts'",
    ].join('\n');
    expect(importsIn(source, 'x/y/z.ts')).toEqual([
      'x/b.ts',
      'x/y/c.ts',
      'x/y/d/e.ts',
      'x/y/f.ts',
      'x/y/g.ts',
      'x/y/h.css',
      'x/y/i.ts',
      'electron',
    ]);
  });

  it('know every folder of electron/', () => {
    const folders = readdirSync(join(root, 'electron'), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name);
    expect(folders.filter(name => !stages.includes(name))).toEqual([]);
    expect([...stages].sort()).toEqual(stages);
  });

  it('point left along the path of a frame', () => {
    const wrong = product.flatMap(path => {
      const stage = stageOf(path);
      if (!stage) return [];
      return own(importsOf(path))
        .filter(target => {
          if (!target.startsWith('electron/') || onTop.includes(target)) return true;
          const other = stageOf(target);
          return other !== undefined && stages.indexOf(other) > stages.indexOf(stage);
        })
        .map(target => `${path} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('of stages from outside are the server’s, and one type', () => {
    const seen = product
      .filter(path => path.startsWith('electron/') && !stageOf(path) && !wiring.includes(path))
      .flatMap(path =>
        importsOf(path)
          .filter(target => stageOf(target))
          .map(target => `${path} → ${target}`),
      );
    expect(seen.filter(line => line !== 'electron/main-port.ts → electron/ipc/port.ts')).toEqual([]);
  });

  it('of electron are made in three files only', () => {
    const electron = /^electron(\/(main|renderer|common))?$/;
    const found = product.filter(path => importsOf(path).some(name => electron.test(name)));
    expect(found).toEqual([...withElectron].sort());
  });

  it('of the renderer reach one file of electron/, and of sound what a worker shares with the server', () => {
    const wrong = product
      .filter(path => path.startsWith('renderer/'))
      .flatMap(path => own(importsOf(path)).map(target => ({ path, target })))
      .filter(({ target }) => !target.startsWith('renderer/') && target !== 'electron/contract.ts')
      .filter(
        ({ path, target }) => !(path.startsWith('renderer/sound/') && target.startsWith('electron/codec/audio/')),
      );
    expect(wrong).toEqual([]);
  });

  it('of what the renderer shares stay pure: nothing of Node, and nothing outside codec/', () => {
    const reached = new Set<string>();
    const follow = (path: string): string[] => {
      if (reached.has(path)) return [];
      reached.add(path);
      const targets = importsOf(path);
      return [...targets.filter(target => !target.startsWith('electron/codec/')), ...own(targets).flatMap(follow)];
    };
    const shared = product.filter(path => path.startsWith('electron/codec/audio/'));
    expect(shared.length).toBeGreaterThan(5);
    expect(shared.flatMap(follow)).toEqual([]);
  });

  it('of the contract are none', () => {
    expect(importsOf('electron/contract.ts')).toEqual([]);
  });

  it('of the players hold no React', () => {
    const wrong = product
      .filter(path => path.startsWith('renderer/player/'))
      .filter(path => importsOf(path).some(name => /^(react|react-dom|zustand)(\/|$)/.test(name)));
    expect(wrong).toEqual([]);
  });
});
