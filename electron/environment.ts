import { ConvoyError } from './errors.ts';
import type { SettingOverrides } from './settings-store.ts';

const ports = { TCP_PORT: 'signalPort', UDP_PORT: 'mediaPort', API_PORT: 'webPort' } as const;
const texts = { HOST: 'host', API_HOST: 'webHost', API_TOKEN: 'webToken' } as const;

/**
 * Settings given by environment variables; an empty variable counts as absent.
 * @throws ConvoyError settingInvalid when a port is not a number
 */
export function environmentSettings(env: NodeJS.ProcessEnv): SettingOverrides {
  const overrides: Record<string, string | number> = {};
  for (const [variable, key] of Object.entries(ports)) {
    const text = env[variable];
    if (!text) continue;
    if (!/^\d+$/.test(text)) throw new ConvoyError('settingInvalid', `${variable} must be a port number, not ${text}`);
    overrides[key] = Number(text);
  }
  for (const [variable, key] of Object.entries(texts)) if (env[variable]) overrides[key] = env[variable];
  return overrides as SettingOverrides;
}
