import { readFile } from 'node:fs/promises';
import { type AppInfo, contractVersion } from './contract.ts';

/** What the program says of itself. @param host where its consoles run */
export async function appInfo(host: AppInfo['host'], dataDir: string): Promise<AppInfo> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const { node, v8, electron, chrome } = process.versions;
  const versions: Record<string, string> = { node, v8 };
  if (electron) versions.electron = electron;
  if (chrome) versions.chromium = chrome;
  return { name: manifest.productName, version: manifest.version, contractVersion, host, versions, dataDir };
}
