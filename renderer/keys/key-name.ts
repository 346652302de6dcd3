/** The part of a keyboard event that names the key. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/**
 * `Ctrl+k`, `Shift+ArrowLeft`, `3`, `?`: as the command table writes them. Shift is named only where the key does not
 * show it by itself; Command on a Mac counts as Ctrl. Undefined with Alt, which belongs to menus and input methods.
 */
export function keyName(press: KeyPress): string | undefined {
  if (press.altKey) return undefined;
  const letter = /^[a-z]$/i.test(press.key);
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const shift = press.shiftKey && (letter || press.key.length > 1);
  return `${press.ctrlKey || press.metaKey ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

const glyphs: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: 'Enter',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  ' ': 'Space',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** The caps to draw for a name: `['Shift', '←']`. */
export function keyCaps(name: string): string[] {
  return name.split(/(?<=.)\+/).map(part => glyphs[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}
