import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BenchName, benches } from './benches.ts';
import { loadNow, type Outcome, section, verdict, withSections } from './page.ts';
import { type BenchResult, round } from './result.ts';

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

function print(name: BenchName, result: Outcome): void {
  if ('skipped' in result) {
    console.log(`\n${name}: skipped: ${result.skipped}`);
    return;
  }
  console.log(`\n${result.name}: ratio ${round(result.ratio, 3)}; promised: ${result.target}: ${verdict(result)}`);
  for (const { label, value, unit } of result.rows) console.log(`  ${label.padEnd(44)} ${value} ${unit}`);
}

async function keep(name: BenchName, text: string): Promise<void> {
  const path = new URL('../docs/bench.md', import.meta.url);
  const page = await readFile(path, 'utf8').catch(() => '');
  await writeFile(path, withSections(page, new Map([[name, text]])));
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
  for (const name of names) {
    const load = loadNow();
    const result = await measure(name);
    print(name, result);
    if (words.includes('--write')) await keep(name, section(name, result, load));
    if ('ok' in result && !result.ok) process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
