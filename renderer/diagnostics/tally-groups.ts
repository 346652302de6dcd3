export interface TallyGroup {
  /** First half of the names, as in `delimit.badChecksum`. */
  readonly stage: string;
  /** Second half and count, in the order given. */
  readonly counts: [reason: string, count: number][];
}

/** Counters by the stage that counts, in the order in which stages first appear. */
export function tallyGroups(tallies: Readonly<Record<string, number>>): TallyGroup[] {
  const groups = new Map<string, TallyGroup>();
  for (const [name, count] of Object.entries(tallies)) {
    const dot = name.indexOf('.');
    const stage = dot < 0 ? '' : name.slice(0, dot);
    const group = groups.get(stage) ?? { stage, counts: [] };
    group.counts.push([name.slice(dot + 1), count]);
    groups.set(stage, group);
  }
  return [...groups.values()];
}
