import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from './result.ts';

/**
 * `npm run bench [-- NAME…] [-- --write]`: each bench in a process of its own, one after the other. `--write` puts what
 * was seen into docs/bench.md.
 */
const benches = {
  assemble: 'TCP bytes to assembled frames, beside a tight parser of the same bytes',
  websocket: 'Frames delivered to 16 binary WebSocket clients in another process, beside bare `ws`',
  udp: '40,000 UDP packets a second of 64 streams, the sender on the same machine',
  'frame-latency': 'From the last packet of a frame, as its sender sent it, to its posting to a window',
  viewer: 'First picture of a second viewer of a running stream',
  wall: 'The wall: 16 cameras of CIF at 15 fps for a minute, in Chromium or, with `BENCH_WALL_HOST=electron`, in Electron',
  'wall-drift': 'The same with jitter and stalls for ten minutes: how far the picture falls behind',
  record:
    '64 streams of 1 Mbit/s through ingest to disk, in real time, beside ingest alone and a plain write of the same bytes',
  catalogue: '64 cameras recorded for 30 days without a pause: what a day, a start of playback and the calendar take',
} as const;
type BenchName = keyof typeof benches;

const self = fileURLToPath(import.meta.url);

async function measure(name: BenchName): Promise<BenchResult> {
  const child = fork(self, ['--child', name]);
  return new Promise((resolve, reject) => {
    child.once('message', result => resolve(result as BenchResult));
    child.once('exit', code => reject(new Error(`bench ${name} ended with ${code}`)));
  });
}

function verdict(result: BenchResult): string {
  return result.ok ? 'met' : 'missed';
}

function print(result: BenchResult): void {
  console.log(`\n${result.name}: ratio ${result.ratio}; promised: ${result.target}: ${verdict(result)}`);
  for (const { label, value, unit } of result.rows) console.log(`  ${label.padEnd(44)} ${value} ${unit}`);
}

function page(results: Map<BenchName, BenchResult>): string {
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
    lines.push('', `## ${result.name}`, '', `${benches[name]} (\`bench/${name}.ts\`).`, '');
    lines.push(`Promised: ${result.target}. Seen: ratio ${result.ratio}, ${verdict(result)}.`, '');
    lines.push('| | | |', '|---|---:|---|');
    for (const { label, value, unit } of result.rows) lines.push(`| ${label} | ${value} | ${unit} |`);
  }
  return `${lines.join('\n')}\n`;
}

async function main(words: string[]): Promise<void> {
  if (words[0] === '--child') {
    const { run } = (await import(`./${words[1]}.ts`)) as { run(): BenchResult | Promise<BenchResult> };
    process.send?.(await run(), undefined, undefined, () => process.exit(0));
    return;
  }
  const named = words.filter(word => !word.startsWith('--'));
  const unknown = named.find(word => !(word in benches));
  if (unknown) throw new Error(`there is no bench ${unknown}: ${Object.keys(benches).join(', ')}`);
  const names = (named.length > 0 ? named : Object.keys(benches)) as BenchName[];
  const results = new Map<BenchName, BenchResult>();
  for (const name of names) {
    const result = await measure(name);
    print(result);
    results.set(name, result);
  }
  if (words.includes('--write')) await writeFile(new URL('../docs/bench.md', import.meta.url), page(results));
  if ([...results.values()].some(result => !result.ok)) process.exitCode = 1;
}

await main(process.argv.slice(2));
