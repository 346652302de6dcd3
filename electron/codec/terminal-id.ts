const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Every digit of a phone or SIM field, upper-case: 12 digits of 6 bytes, 20 of 10. Devices exist whose ids are not BCD. */
export function hexDigits(raw: Uint8Array): string {
  let digits = '';
  for (const byte of raw) digits += pairs[byte];
  return digits;
}

/**
 * Identity of a terminal: its digits without leading zeros ('0' when all are), so that a 2013 header, a 2019 header
 * and a SIM of either width name the same vehicle.
 */
export function terminalId(raw: Uint8Array): string {
  return stripZeros(hexDigits(raw));
}

/** The same identity from what a person or a client typed: surrounding blanks, leading zeros and case do not matter. */
export function normaliseTerminalId(text: string): string {
  return stripZeros(text.trim().toUpperCase());
}

function stripZeros(digits: string): string {
  let first = 0;
  while (first < digits.length - 1 && digits.charCodeAt(first) === 0x30) first++;
  return digits.slice(first);
}
