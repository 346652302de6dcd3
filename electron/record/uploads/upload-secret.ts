import { randomInt } from 'node:crypto';

/** Letters and digits that nobody confuses and every terminal takes. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export function secret(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}
