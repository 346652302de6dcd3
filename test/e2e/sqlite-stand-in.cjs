// Loaded into an older Electron before the program, by the end-to-end tests only: gives it the SQLite that the Node of
// the Electron which the program is built for brings along.
const builtin = process.getBuiltinModule;

if (!builtin('node:sqlite'))
  process.getBuiltinModule = name => (name === 'node:sqlite' ? require('@photostructure/sqlite') : builtin(name));
