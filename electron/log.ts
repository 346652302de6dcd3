import { pino } from 'pino';

/** The logger's surface that the stages use; `child` adds fields (peer, terminal, stream) to every line. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
  child(fields: object): Log;
}

/** A log that says nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/**
 * JSON lines on `stream`, written synchronously line by line and without pino's worker transports: those break only in
 * a packaged build, where their file is not on disk.
 */
export function openLog(level: string, stream: { write(line: string): void }): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
