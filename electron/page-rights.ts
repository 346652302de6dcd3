import { appOrigin, readAddress } from './app-files.ts';

/** What the console's page may ever be given beside the microphone: the wall on the whole screen, figures to paste. */
const granted = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** True for an address of our own page; anything unreadable is not. */
export function isOwnPage(address: string | undefined): boolean {
  const url = readAddress(address ?? '');
  return url !== undefined && `${url.protocol}//${url.host}` === appOrigin;
}

export interface PermissionQuestion {
  permission: string;
  /** Address or origin of the frame that asks. */
  page: string;
  topFrame: boolean;
  /** Of the permission `media`: what is asked for. */
  media?: readonly string[];
}

/**
 * Answers Electron's permission requests and checks, which it would otherwise all approve: nothing but full screen,
 * copying text and the microphone (never a camera), for the top frame of our own page.
 */
export function mayHave({ permission, page, topFrame, media = [] }: PermissionQuestion): boolean {
  const isMicrophone = permission === 'media' && media.length > 0 && media.every(kind => kind === 'audio');
  return (granted.has(permission) || isMicrophone) && topFrame && isOwnPage(page);
}

/** True for the only place handed to the operating system's browser: our own web door, as it listens at `door`. */
export function mayOpenOutside(address: string, door: string): boolean {
  const url = readAddress(address);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) return false;
  return url.origin === readAddress(door)?.origin;
}

/** True for what our page made itself and saves, a still of a camera, and for files of uploads and exports. */
export function maySave(address: string): boolean {
  return (
    address.startsWith(`blob:${appOrigin}/`) ||
    ['uploads', 'exports'].some(each => address.startsWith(`${appOrigin}/${each}/`))
  );
}
