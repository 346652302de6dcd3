import { existsSync, readFileSync } from 'node:fs';

/** Captures that lie beside the repository on machines that have them; they are not part of it. */
const folder = new URL('../../../shared/vectors/', import.meta.url);

export function hasCapture(name: string): boolean {
  return existsSync(new URL(name, folder));
}

export function captureText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

export function captureBytes(name: string): Buffer {
  return readFileSync(new URL(name, folder));
}
