import { checkSetting, type SettingKey, settingTable } from './config.ts';
import { ConvoyError } from './errors.ts';
import type { SettingOverrides } from './settings-store.ts';

export interface CommandLine {
  /** `--demo`: the simulator starts with the program. */
  demo: boolean;
  /** `--data-dir=FOLDER`; empty when not given. */
  dataDir: string;
  /** `--signal-port=0` and so on: every row of `settingTable`, its name in kebab-case. */
  settings: SettingOverrides;
}

const settingByFlag = new Map(
  (Object.keys(settingTable) as SettingKey[]).map(key => [
    `--${key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`,
    key,
  ]),
);

/**
 * Reads what the program was started with. Words that are not ours are Chromium's and are left alone.
 * @throws ConvoyError settingInvalid when a value does not fit its row
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  const settings: Record<string, string | number | boolean> = {};
  let dataDir = '';
  for (const word of words) {
    const [flag = '', ...rest] = word.split('=');
    const text = rest.join('=');
    if (flag === '--data-dir') dataDir = text;
    const key = settingByFlag.get(flag);
    if (key) settings[key] = checkSetting(key, typed(key, text));
  }
  return { demo: words.includes('--demo'), dataDir, settings: settings as SettingOverrides };
}

function typed(key: SettingKey, text: string): string | number | boolean {
  const example = settingTable[key].default;
  if (typeof example === 'string') return text;
  if (typeof example === 'number' && /^\d+$/.test(text)) return Number(text);
  if (typeof example === 'boolean' && (text === 'true' || text === 'false' || text === '')) return text !== 'false';
  throw new ConvoyError('settingInvalid', `${key} cannot be ${text === '' ? 'empty' : text}`);
}
