import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type BenchName, benches } from './benches.ts';
import type { BenchResult } from './result.ts';

/** What one bench saw, or why this machine cannot run it. */
type Outcome = BenchResult | { readonly skipped: string };

/**
 * `npm run bench [-- NAME…] [-- --write]`: each bench in a process of its own, one after the other. `--write` puts what
 * was seen into docs/bench.md, with those that were skipped and why.
 */
const self = fileURLToPath(import.meta.url);

async function measure(name: BenchName): Promise<Outcome> {
  const skipped = benches[name].missing?.();
  if (skipped) return { skipped };
  const child = fork(self, ['--child', name]);
  return new Promise((resolve, reject) => {
    child.once('message', result => resolve(result as BenchResult));
    child.once('exit', code => reject(new Error(`bench ${name} ended with ${code}`)));
  });
}

function verdict(result: BenchResult): string {
  return result.ok ? 'met' : 'missed';
}

function print(name: BenchName, result: Outcome): void {
  if ('skipped' in result) {
    console.log(`\n${name}: skipped: ${result.skipped}`);
    return;
  }
  console.log(`\n${result.name}: ratio ${result.ratio}; promised: ${result.target}: ${verdict(result)}`);
  for (const { label, value, unit } of result.rows) console.log(`  ${label.padEnd(44)} ${value} ${unit}`);
}

function page(results: Map<BenchName, Outcome>): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}`;
  const lines = [
    '# Figures',
    '',
    'What the project promises and what one run saw, each figure beside what it is compared with in the same run. Compare',
    'ratios: the absolute figures belong to the machine and the hour. `npm run bench -- --write` makes this page anew.',
    '',
    `Seen ${new Date().toISOString().slice(0, 10)} on ${machine}.`,
  ];
  for (const [name, result] of results) {
    const { file, about } = benches[name];
    const title = 'skipped' in result ? name : result.name;
    lines.push('', `## ${title}`, '', `${about} (\`bench/${file}.ts\`; \`npm run bench ${name}\`).`, '');
    if ('skipped' in result) {
      lines.push(`Skipped: ${result.skipped}.`);
      continue;
    }
    lines.push(`Promised: ${result.target}. Seen: ratio ${result.ratio}, ${verdict(result)}.`, '');
    lines.push('| | | |', '|---|---:|---|');
    for (const { label, value, unit } of result.rows) lines.push(`| ${label} | ${value} | ${unit} |`);
  }
  return `${lines.join('\n')}\n`;
}

async function main(words: string[]): Promise<void> {
  if (words[0] === '--child') {
    const { file, options } = benches[words[1] as BenchName];
    const { run } = (await import(`./${file}.ts`)) as { run(options?: object): BenchResult | Promise<BenchResult> };
    process.send?.(await run(options), undefined, undefined, () => process.exit(0));
    return;
  }
  const named = words.filter(word => !word.startsWith('--'));
  const unknown = named.find(word => !(word in benches));
  if (unknown) throw new Error(`there is no bench ${unknown}: ${Object.keys(benches).join(', ')}`);
  const names = (named.length > 0 ? named : Object.keys(benches)) as BenchName[];
  const results = new Map<BenchName, Outcome>();
  for (const name of names) {
    const result = await measure(name);
    print(name, result);
    results.set(name, result);
  }
  if (words.includes('--write')) await writeFile(new URL('../docs/bench.md', import.meta.url), page(results));
  if ([...results.values()].some(result => 'ok' in result && !result.ok)) process.exitCode = 1;
}

await main(process.argv.slice(2));
