/** Bytes of a text in GBK, as 0x8300 carries it: two for what ASCII lacks, four for what only GB 18030 has. */
export function textBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x10000 ? 2 : 4;
  }
  return bytes;
}
