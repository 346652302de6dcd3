import { TraceDamaged, type TraceHead } from './trace-unit.ts';

const title = 'convoy trace 1';

/** Lines that open a trace in either form. Values have no line breaks; what comes from a terminal may have anything. */
export function headLines(head: TraceHead): string[] {
  return [
    title,
    `vehicle ${plain(head.vehicle)}`,
    `plate ${plain(head.plate)}`,
    `started ${new Date(head.startedAt).toISOString()}`,
    `blanked ${head.isBlanked ? 'yes' : 'no'}`,
  ];
}

/** @throws TraceDamaged when these are no lines of `headLines` */
export function readHead(lines: readonly string[]): TraceHead {
  if (lines[0] !== title) throw new TraceDamaged('this is no trace of Convoy, or one of a later version');
  const value = (name: string) => lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const startedAt = Date.parse(value('started'));
  return {
    vehicle: value('vehicle'),
    plate: value('plate'),
    startedAt: Number.isFinite(startedAt) ? startedAt : 0,
    isBlanked: value('blanked') === 'yes',
  };
}

function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
