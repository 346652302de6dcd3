import { cpus, loadavg, totalmem } from 'node:os';
import { type BenchName, benches } from './benches.ts';
import { type BenchResult, round } from './result.ts';

/** What one bench saw, or why this machine cannot run it. */
export type Outcome = BenchResult | { readonly skipped: string };

const head = `# Figures

What the project promises and what one run saw, each figure beside what it is compared with in the same run. Compare
ratios: the absolute figures belong to the machine and the hour. \`npm run bench -- --write\` makes this page anew,
\`npm run bench -- NAME --write\` one section of it.
`;

export function verdict(result: BenchResult): string {
  return result.ok ? 'met' : 'missed';
}

/** One bench's section. @param load of the machine, one-minute average just before */
export function section(name: BenchName, outcome: Outcome, load: number): string {
  const { file, about } = benches[name];
  const title = 'skipped' in outcome ? name : outcome.name;
  const lines = [`## ${title}`, '', `${about} (\`bench/${file}.ts\`; \`npm run bench ${name}\`).`, ''];
  if ('skipped' in outcome) return [...lines, `Skipped: ${outcome.skipped}.`, ''].join('\n');
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}`;
  lines.push(
    `Promised: ${outcome.target}. Seen ${new Date().toISOString().slice(0, 10)}: ratio ${round(outcome.ratio, 3)}, ${verdict(outcome)}.`,
    `On ${machine}; load before it ${load.toFixed(1)}.`,
    '',
    '| | | |',
    '|---|---:|---|',
    ...outcome.rows.map(({ label, value, unit }) => `| ${label} | ${value} | ${unit} |`),
    '',
  );
  return lines.join('\n');
}

/** The page with these sections in place of its own of the same benches, in the order of the table. */
export function withSections(page: string, fresh: ReadonlyMap<BenchName, string>): string {
  const kept = page.split(/^(?=## )/m).slice(1);
  const sections = (Object.keys(benches) as BenchName[]).flatMap(
    name =>
      fresh.get(name) ?? kept.filter(text => text.includes(`\`npm run bench ${name}\``)).map(text => text.trimEnd()),
  );
  return `${[head, ...sections].map(text => text.trimEnd()).join('\n\n')}\n`;
}

export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
