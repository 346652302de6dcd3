import type { Readable } from 'node:stream';
import type { Result } from './contract.ts';
import { type ExportAnswer, exportAnswer, exportBody, exportResponse } from './export-response.ts';

/** What an address below the page asks for: `uploads/<id>/<name>`; also below `/api/`. */
export interface UploadAddress {
  readonly id: string;
  readonly name: string;
}

/** A name is only compared with those that the upload has; nothing is opened by what an address says. */
export function uploadAt(path: string): UploadAddress | undefined {
  const [, id, name] = /^\/(?:api\/)?uploads\/(u[0-9a-z]{1,16}-\d{1,6})\/(.{1,1000})$/.exec(path) ?? [];
  if (id === undefined || name === undefined) return undefined;
  try {
    return { id, name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

export interface ReadableUpload {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** A vehicle made and named it: it is saved, or played by the page, never shown as one. Answered as an export is, with ranges. */
export function uploadAnswer(file: ReadableUpload, asked: Parameters<typeof exportAnswer>[1]): ExportAnswer {
  return exportAnswer(file, asked);
}

export function uploadBody(file: ReadableUpload, part: NonNullable<ExportAnswer['part']>): Readable {
  return exportBody(file, part);
}

/** Answers the window's page, whose scheme the application serves itself. */
export function uploadResponse(request: Request, found: Result<ReadableUpload>): Promise<Response> {
  return exportResponse(request, found);
}
