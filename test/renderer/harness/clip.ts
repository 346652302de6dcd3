/** One access unit of a clip. */
export interface Unit {
  key: boolean;
  data: Uint8Array;
}

export interface Clip {
  width: number;
  height: number;
  units: Unit[];
}

export interface Clips {
  main: Clip;
  sub: Clip;
}

const vcl = (type: number): boolean => type === 1 || type === 5;

/** Cuts Annex-B into access units: a new one begins at parameter sets or at a slice whose first macroblock is 0. */
export function cutUnits(bytes: Uint8Array): Unit[] {
  const starts: number[] = [];
  for (let i = 0; i + 3 < bytes.length; i++)
    if (bytes[i] === 0 && bytes[i + 1] === 0 && bytes[i + 2] === 1) {
      starts.push(i > 0 && bytes[i - 1] === 0 ? i - 1 : i);
      i += 2;
    }
  const units: Unit[] = [];
  let begin = 0;
  let hasSlice = false;
  let key = false;
  const close = (end: number): void => {
    if (hasSlice) units.push({ key, data: bytes.slice(begin, end) });
    begin = end;
    hasSlice = false;
    key = false;
  };
  for (const start of starts) {
    const at = bytes[start + 2] === 1 ? start + 3 : start + 4;
    const type = (bytes[at] ?? 0) & 31;
    const first = vcl(type) && ((bytes[at + 1] ?? 0) & 0x80) !== 0;
    if (hasSlice && (first || !vcl(type))) close(start);
    if (vcl(type)) {
      hasSlice = true;
      key ||= type === 5;
    }
  }
  close(bytes.length);
  return units;
}

async function load(address: string, width: number, height: number): Promise<Clip> {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  return { width, height, units: cutUnits(bytes) };
}

export async function loadClips(): Promise<Clips> {
  const [main, sub] = await Promise.all([load('./main.h264', 1280, 720), load('./sub.h264', 352, 288)]);
  return { main, sub };
}
