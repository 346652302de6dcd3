interface QuietLog {
  readonly [level: string]: () => unknown;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * A log that keeps nothing, with the methods that the FTP library calls: it would log every reply, and names of files with it.
 * The built program has this in place of the library's own logger, which looks for native add-ons.
 */
export function createLogger(): QuietLog {
  const log: QuietLog = { ...Object.fromEntries(levels.map(level => [level, () => undefined])), child: () => log };
  return log;
}
