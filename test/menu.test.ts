import { describe, expect, it } from 'vitest';
import { menuCommands } from '../electron/contract.ts';
import { type MenuActions, type MenuEntry, menuTemplate } from '../electron/menu.ts';
import { commands } from '../renderer/keys/commands.ts';

const calls: string[] = [];
const actions: MenuActions = {
  command: command => calls.push(command),
  toggleSimulator: () => calls.push('simulator'),
  openWebDoor: () => calls.push('door'),
  openDataFolder: () => calls.push('data'),
  openLogFolder: () => calls.push('log'),
};
const state = { language: 'en', platform: 'linux', simulatorRunning: false, webAddress: '' } as const;
const flat = (entries: MenuEntry[]): MenuEntry[] => entries.flatMap(entry => [entry, ...flat(entry.submenu ?? [])]);
const find = (entries: MenuEntry[], id: string) => flat(entries).find(entry => entry.id === id);

describe('menuTemplate', () => {
  it('offers every command of the contract, and asks for just that', () => {
    const menu = menuTemplate(state, actions);
    for (const command of menuCommands) {
      calls.length = 0;
      find(menu, command)?.click?.();
      expect(calls).toEqual([command]);
    }
  });

  it('gives no accelerator twice', () => {
    const keys = flat(menuTemplate(state, actions)).flatMap(entry => entry.accelerator ?? []);
    expect(keys.length).toBeGreaterThan(8);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('shows the page’s own keys and leaves them to it, so that fields take them as letters', () => {
    const menu = flat(menuTemplate(state, actions));
    const letters = menu.filter(({ accelerator }) => /^(Shift\+)?[A-Z]$/.test(accelerator ?? ''));
    expect(letters.map(({ id, accelerator }) => `${id} ${accelerator}`)).toEqual([
      ...['plans Shift+R', 'transfers Shift+N', 'usage Shift+D'],
      ...['live Shift+C', 'archive Shift+B', 'map Shift+P', 'alarms Shift+A'],
    ]);
    expect(letters.every(({ registerAccelerator }) => registerAccelerator === false)).toBe(true);
    for (const { accelerator } of letters) {
      const key = accelerator!.replace(/[A-Z]$/, letter => letter.toLowerCase());
      expect(commands.filter(({ keys, place }) => keys.includes(key) && !place)).toHaveLength(1);
    }
    // A Mac would take them from every field.
    const mac = flat(menuTemplate({ ...state, platform: 'darwin' }, actions));
    expect(mac.filter(({ accelerator }) => accelerator && !/^(CmdOrCtrl\+|F1$)/.test(accelerator))).toEqual([]);
    expect(mac.map(({ id }) => id)).toEqual(menu.map(({ id }) => id));
  });

  it('says what the simulator and the web door do now', () => {
    const off = menuTemplate(state, actions);
    expect(find(off, 'simulator')?.label).toBe('Start the simulator');
    calls.length = 0;
    find(off, 'webDoor')?.click?.();
    const on = menuTemplate({ ...state, simulatorRunning: true, webAddress: 'http://127.0.0.1:3000/' }, actions);
    expect(find(on, 'simulator')?.label).toBe('Stop the simulator');
    expect(find(on, 'webDoor')?.label).toContain('http://127.0.0.1:3000/');
    find(on, 'webDoor')?.click?.();
    expect(calls).toEqual(['settings', 'door']);
  });

  it('has the same entries in Chinese, each in other words', () => {
    const english = flat(menuTemplate(state, actions));
    const chinese = flat(menuTemplate({ ...state, language: 'zh' }, actions));
    expect(chinese.map(entry => entry.id)).toEqual(english.map(entry => entry.id));
    const same = chinese.filter((entry, at) => entry.label !== undefined && entry.label === english[at]?.label);
    expect(same.map(entry => entry.label)).toEqual(['Convoy']);
  });
});
