import type { en } from '../i18n/en/words.ts';
import type { Operations } from '../operations.ts';

export type CommandId = keyof typeof en.command;
export const commandSections = ['wall', 'tile', 'fleet', 'desk'] as const;
export type CommandSection = (typeof commandSections)[number];

export interface Command {
  id: CommandId;
  section: CommandSection;
  /** As `keyName` writes them. */
  keys: readonly string[];
  /** Absent for what the vehicle list does itself with a key while it has the cursor. */
  run?: (operations: Operations) => void;
}

/** Every action, its keys and what it does; the key sheet prints this table. */
export const commands: readonly Command[] = [
  { id: 'layout1', section: 'wall', keys: ['1'], run: o => o.setLayout(1) },
  { id: 'layout4', section: 'wall', keys: ['2'], run: o => o.setLayout(4) },
  { id: 'layout9', section: 'wall', keys: ['3'], run: o => o.setLayout(9) },
  { id: 'layout16', section: 'wall', keys: ['4'], run: o => o.setLayout(16) },
  { id: 'focusLeft', section: 'wall', keys: ['ArrowLeft'], run: o => o.moveFocus('left') },
  { id: 'focusRight', section: 'wall', keys: ['ArrowRight'], run: o => o.moveFocus('right') },
  { id: 'focusUp', section: 'wall', keys: ['ArrowUp'], run: o => o.moveFocus('up') },
  { id: 'focusDown', section: 'wall', keys: ['ArrowDown'], run: o => o.moveFocus('down') },
  { id: 'fit', section: 'wall', keys: ['z'], run: o => o.nextFit() },
  { id: 'toggleStats', section: 'wall', keys: ['i'], run: o => o.toggleFigures() },
  { id: 'fullScreen', section: 'wall', keys: ['f', 'F11'], run: o => o.toggleFullScreen() },
  { id: 'clearAll', section: 'wall', keys: ['Shift+Delete'], run: o => o.clearAll() },
  { id: 'maximise', section: 'tile', keys: ['Enter'], run: o => o.toggleMaximise() },
  { id: 'restore', section: 'tile', keys: ['Escape'], run: o => o.restore() },
  { id: 'moveLeft', section: 'tile', keys: ['Shift+ArrowLeft'], run: o => o.moveTile('left') },
  { id: 'moveRight', section: 'tile', keys: ['Shift+ArrowRight'], run: o => o.moveTile('right') },
  { id: 'moveUp', section: 'tile', keys: ['Shift+ArrowUp'], run: o => o.moveTile('up') },
  { id: 'moveDown', section: 'tile', keys: ['Shift+ArrowDown'], run: o => o.moveTile('down') },
  { id: 'snapshot', section: 'tile', keys: ['s'], run: o => void o.saveStill() },
  { id: 'copyFigures', section: 'tile', keys: ['c'], run: o => void o.copyFigures() },
  { id: 'clear', section: 'tile', keys: ['Delete', 'Backspace'], run: o => o.clear() },
  { id: 'search', section: 'fleet', keys: ['/', 'Ctrl+k'], run: o => o.search() },
  { id: 'rowUp', section: 'fleet', keys: ['ArrowUp'] },
  { id: 'rowDown', section: 'fleet', keys: ['ArrowDown'] },
  { id: 'rowOpen', section: 'fleet', keys: ['ArrowRight'] },
  { id: 'rowClose', section: 'fleet', keys: ['ArrowLeft'] },
  { id: 'rowPlace', section: 'fleet', keys: ['Enter'] },
  { id: 'rowProperties', section: 'fleet', keys: ['p'] },
  { id: 'fleetToggle', section: 'desk', keys: ['b'], run: o => o.toggleFleet() },
  { id: 'rail', section: 'desk', keys: ['n'], run: o => o.toggleRail() },
  { id: 'settings', section: 'desk', keys: [',', 'Ctrl+,'], run: o => o.openDialog('settings') },
  { id: 'diagnostics', section: 'desk', keys: ['d'], run: o => o.openDialog('diagnostics') },
  { id: 'simulator', section: 'desk', keys: ['Shift+m'], run: o => void o.toggleSimulator() },
  { id: 'language', section: 'desk', keys: ['l'], run: o => o.nextLanguage() },
  { id: 'about', section: 'desk', keys: ['a'], run: o => o.openDialog('about') },
  { id: 'keys', section: 'desk', keys: ['?', 'F1'], run: o => o.openDialog('keys') },
];

/** The command that a key runs where no list and no field has it. */
export function commandForKey(name: string): Command | undefined {
  return commands.find(command => command.run && command.keys.includes(name));
}
