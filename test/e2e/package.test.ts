import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { _electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronHere } from '../../electron/electron-finder.ts';
import {
  electronKind,
  logLines,
  output,
  removeFolder,
  root,
  rootOnly,
  temporaryFolder,
  titleOf,
  until,
} from './consoles.ts';

const skipped = electronKind.missing || (process.platform === 'linux' ? '' : 'built on Linux only');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

describe.skipIf(skipped)(`package built around ${titleOf(electronKind)}`, () => {
  const folder = temporaryFolder();
  const program = join(folder, 'release', 'linux-unpacked', 'convoy');

  beforeAll(() => {
    const found = electronHere();
    if ('missing' in found) throw new Error(found.missing);
    // A copy: a runtime for tests may carry a loader where the program belongs, and fuses are written into the file.
    const runtime = join(folder, 'electron');
    cpSync(dirname(found.path), runtime, { recursive: true, filter: from => !from.endsWith('/resources/app') });
    const version = readFileSync(join(runtime, 'version'), 'utf8').trim().replace(/^v/, '');
    const { VITEST: _vitest, ...env } = process.env;
    const built = spawnSync(
      bin('electron-builder'),
      [
        ...['--linux', 'dir', `-c.electronDist=${runtime}`, `-c.electronVersion=${version}`],
        `-c.directories.output=${join(folder, 'release')}`,
        // Playwright talks to the main process through --inspect. Of this build only.
        '-c.electronFuses.enableNodeCliInspectArguments=true',
      ],
      { cwd: root, env: { ...env, USE_HARD_LINKS: 'false' }, encoding: 'utf8' },
    );
    expect(`${built.stdout}${built.stderr}`).toContain('electronPath');
    expect(built.status).toBe(0);
    expect(existsSync(program)).toBe(true);
  });
  afterAll(() => removeFolder(folder));

  it('holds the program and nothing else', () => {
    const list = spawnSync(bin('asar'), ['list', join(dirname(program), 'resources', 'app.asar')], {
      encoding: 'utf8',
    });
    const files = list.stdout.split('\n').filter(name => name && !name.startsWith('npm '));
    expect(files).toEqual(
      expect.arrayContaining(['/package.json', '/dist/main.js', '/dist/preload.cjs', '/dist/icon.png']),
    );
    expect(
      files.filter(
        name =>
          !/^\/(package\.json|dist(\/(main\.js|preload\.cjs|icon\.png|renderer(\/.*)?|simulator-media(\/.*)?))?)$/.test(
            name,
          ),
      ),
    ).toEqual([]);
    expect(files.filter(name => /\.(map|ts|tsx|pov|inc|py)$/.test(name))).toEqual([]);
  });

  it('has its fuses set', () => {
    const read = spawnSync(bin('electron-fuses'), ['read', '--app', program], { encoding: 'utf8' });
    const fuses = Object.fromEntries(
      [...read.stdout.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(match => [match[1], match[2] === 'Enabled']),
    );
    expect(fuses).toMatchObject({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  it('starts, shows the console with the simulated fleet, and writes its log', async () => {
    const dataDir = join(folder, 'data');
    const app = await _electron.launch({
      executablePath: program,
      args: [...rootOnly, '--demo', `--data-dir=${dataDir}`, '--host=127.0.0.1', '--signal-port=0', '--media-port=0'],
    });
    try {
      const page = await app.firstWindow();
      expect(page.url()).toBe('app://convoy/');
      await until('six vehicles', async () => {
        const rows = await page.locator('[data-testid^="fleet-row-"][data-state="online"]').count();
        return rows === 6;
      });
      expect(await app.evaluate(({ app: self }) => [self.isPackaged, self.getName()])).toEqual([true, 'Convoy']);
      await page.screenshot({ path: join(output, 'packaged.png') });
    } finally {
      await app.close();
    }
    const lines = logLines(dataDir);
    expect(lines.map(line => line.msg)).toEqual(expect.arrayContaining(['started', 'stopped']));
    // An Electron before 35 carries a Node without SQLite; a package has no way to lend it one.
    const errors = lines.filter(line => Number(line.level) >= 50 && !/has no node:sqlite/.test(String(line.error)));
    expect(errors).toEqual([]);
  });
});
