import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkSetting,
  checkTogether,
  defaultSettings,
  type SettingKey,
  type Settings,
  settingTable,
} from './config.ts';
import type { SettingRow } from './contract.ts';
import { ConvoyError } from './errors.ts';
import { JsonFile } from './json-file.ts';

export type SettingOverrides = Partial<Settings>;

/** Stands for a token that is set; consoles never see the token itself. */
const tokenMask = '••••••••';

/**
 * The settings in force. `values` is one object for the life of the program, changed in place, so that a stage that
 * reads a limit when it needs it sees a change at once. Overrides (environment, command line) win over the file and are
 * never written to it.
 */
export class SettingsStore {
  readonly values: Settings;
  readonly #file: JsonFile;
  readonly #stored: Partial<Settings> = {};
  /** Rows of the file that did not fit their range when it was read; the default is in force for them. */
  readonly rejected: string[] = [];
  /** Where the file was set aside, when it was not JSON. */
  damaged = '';

  private constructor(file: JsonFile) {
    this.#file = file;
    this.values = defaultSettings();
  }

  /** @throws the file system's error when settings.json is there and cannot be read */
  static async open(dataDir: string, overrides: SettingOverrides, now: number): Promise<SettingsStore> {
    const store = new SettingsStore(new JsonFile(join(dataDir, 'settings.json')));
    const loaded = await store.#file.load(now);
    if (loaded.state === 'damaged') store.damaged = loaded.setAside;
    if (loaded.state === 'read' && typeof loaded.value === 'object' && loaded.value !== null)
      for (const [key, value] of Object.entries(loaded.value)) store.#take(key, value);
    for (const [key, value] of Object.entries(overrides)) store.#put(key, checkSetting(key, value));
    return store;
  }

  #take(key: string, value: unknown): void {
    try {
      this.#keep(key, checkSetting(key, value));
    } catch {
      this.rejected.push(key);
    }
  }

  #put(key: string, value: string | number | boolean): void {
    (this.values as Record<string, string | number | boolean>)[key] = value;
  }

  #keep(key: string, value: string | number | boolean): void {
    this.#put(key, value);
    (this.#stored as Record<string, string | number | boolean>)[key] = value;
  }

  /** @throws ConvoyError settingInvalid, or the file system's error when it could not be written */
  async set(key: string, value: unknown): Promise<void> {
    const checked = checkSetting(key, value);
    if (key === 'webToken' && checked === tokenMask)
      throw new ConvoyError('settingInvalid', 'webToken cannot be the mask that stands for it');
    if ((key === 'webCertificate' || key === 'webKey') && checked !== '') await checkReadable(key, String(checked));
    checkTogether(key, { ...this.values, [key]: checked });
    this.#keep(key, checked);
    await this.#file.save(this.#stored);
  }

  rows(): SettingRow[] {
    return (Object.keys(settingTable) as SettingKey[]).map(key => {
      const row: {
        default: string | number | boolean;
        min?: number;
        max?: number;
        unit?: string;
        choices?: readonly string[];
        restart?: boolean;
        doc: string;
      } = settingTable[key];
      return {
        key,
        value: key === 'webToken' && this.values.webToken ? tokenMask : this.values[key],
        default: row.default,
        ...(row.min !== undefined && { min: row.min }),
        ...(row.max !== undefined && { max: row.max }),
        ...(row.unit && { unit: row.unit }),
        ...(row.choices && { choices: [...row.choices] }),
        restart: row.restart === true,
        doc: row.doc,
      };
    });
  }
}

async function checkReadable(key: string, path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (thrown) {
    throw new ConvoyError('settingInvalid', `${key}: ${(thrown as Error).message}`);
  }
}
