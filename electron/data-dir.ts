import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The data folder of a server that runs without Electron: where the platform keeps a user's application data.
 * @param env `DATA_DIR` wins; Windows gives `APPDATA`, Linux perhaps `XDG_DATA_HOME`
 */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.DATA_DIR) return env.DATA_DIR;
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Convoy');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Convoy');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'convoy');
}
