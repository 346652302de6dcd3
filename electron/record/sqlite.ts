import type { DatabaseSync } from 'node:sqlite';
import { ConvoyError } from '../errors.ts';

/**
 * Opens a database of Node's own SQLite. Asked for at run time: an older Electron has none, and live viewing goes on
 * without a catalogue there.
 * @throws ConvoyError catalogueUnavailable when this runtime has no `node:sqlite`; SQLite's own error when the file is bad
 */
export function openSqlite(path: string): DatabaseSync {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) throw new ConvoyError('catalogueUnavailable', `Node ${process.versions.node} has no node:sqlite`);
  return new sqlite.DatabaseSync(path);
}
