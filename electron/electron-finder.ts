import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A host that does not answer at all is given up after this long. */
const reachWithinMs = 5000;
/** The runtime is about 110 MB. */
const fetchWithinMs = 300_000;

const program: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

export type Found = { path: string } | { missing: string };

/** Electron's program as it lies here now: under `ELECTRON_OVERRIDE_DIST_PATH`, else the npm package's own. */
export function electronHere(env: NodeJS.ProcessEnv = process.env): Found {
  const name = program[process.platform] ?? 'electron';
  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    const path = join(env.ELECTRON_OVERRIDE_DIST_PATH, name);
    return existsSync(path) ? { path } : { missing: `there is no ${path}` };
  }
  const folder = packageFolder();
  if (!folder) return { missing: 'the package electron is not installed' };
  const path = join(folder, 'dist', name);
  return isWhole(folder) && existsSync(path) ? { path } : { missing: 'its runtime is not here' };
}

/**
 * Finds Electron's program, and where the npm package has not fetched it yet (since Electron 42 it does so at the first
 * start, not when it is installed) lets it try, within bounds. `missing` says in a few words why there is none.
 */
export async function findElectron(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<Found> {
  const here = electronHere(env);
  const folder = packageFolder();
  if ('path' in here || env.ELECTRON_OVERRIDE_DIST_PATH || !folder) return here;
  const host = downloadHost(env);
  if (!(await answers(host, env))) return { missing: `${here.missing} and ${host} does not answer` };
  say(`Fetching Electron's runtime from ${host}, once`);
  const reason = await fetchRuntime(join(folder, 'install.js'));
  return reason ? { missing: reason } : electronHere(env);
}

function packageFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/** The package notes the version that it has unpacked when it is done. */
function isWhole(folder: string): boolean {
  try {
    const wanted = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
    return (
      readFileSync(join(folder, 'dist', 'version'), 'utf8')
        .trim()
        .replace(/^v/, '') === wanted
    );
  } catch {
    return false;
  }
}

/** The host that the package fetches from: a mirror where one is set, else its publisher's. */
function downloadHost(env: NodeJS.ProcessEnv): string {
  const mirror = env.ELECTRON_MIRROR || env.npm_config_electron_mirror || '';
  return URL.canParse(mirror) ? new URL(mirror).origin : 'https://github.com';
}

/** Behind a proxy only the download itself can tell. */
async function answers(host: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env.HTTPS_PROXY || env.https_proxy || env.ELECTRON_GET_USE_PROXY) return true;
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(reachWithinMs) });
    return true;
  } catch {
    return false;
  }
}

/** Resolves to '' when done, else to the reason. */
function fetchRuntime(installer: string): Promise<string> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] });
    let last = '';
    child.stderr.on('data', (chunk: Buffer) => {
      last ||= chunk.toString().split('\n', 1)[0] ?? '';
    });
    const late = setTimeout(() => child.kill(), fetchWithinMs);
    child.on('error', error => resolve(error.message));
    child.on('close', code => {
      clearTimeout(late);
      resolve(code === 0 ? '' : last.slice(0, 200) || 'its runtime could not be fetched');
    });
  });
}
