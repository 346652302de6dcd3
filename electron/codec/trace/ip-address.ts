/** Four bytes of IPv4 or sixteen of IPv6; undefined when the text is neither. */
export function addressBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? v6Bytes(text) : v4Bytes(text);
}

/** `10.4.2.7`, or `fe80::1` with the longest run of zeros left out (RFC 5952). */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] as number) << 8) | (bytes[at * 2 + 1] as number));
  let from = 0;
  let longest = 0;
  for (let at = 0, run = 0; at < 8; at++) {
    run = words[at] === 0 ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      from = at - run + 1;
    }
  }
  const hex = (part: readonly number[]) => part.map(word => word.toString(16)).join(':');
  return longest < 2 ? hex(words) : `${hex(words.slice(0, from))}::${hex(words.slice(from + longest))}`;
}

function v4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

function v6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const words = tail
    ? [...head, ...new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail]
    : head;
  if (words.length !== 8 || !words.every(word => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return Uint8Array.from(words.flatMap(word => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]));
}
