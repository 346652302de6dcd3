import { type ErrorCode, errorCodes, type Result } from './contract.ts';

/** A failure with a code of the closed table `errorCodes`. The message is for logs; words for people come from the code. */
export class ConvoyError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail = '') {
    super(detail ? `${errorCodes[code]}: ${detail}` : errorCodes[code]);
    this.name = 'ConvoyError';
    this.code = code;
  }
}

export function fail(code: ErrorCode, detail = ''): { ok: false; code: ErrorCode; message: string } {
  return { ok: false, code, message: detail ? `${errorCodes[code]}: ${detail}` : errorCodes[code] };
}

/** Turns whatever was thrown into a Result; anything that is not ours is `internal`. */
export function failure(thrown: unknown): Result<never> {
  if (thrown instanceof ConvoyError) return { ok: false, code: thrown.code, message: thrown.message };
  return fail('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
