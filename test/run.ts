import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm test`: unit and socket tests, then the end-to-end tests. The last line says how many passed and failed.
 * A file in which something failed is run once more, alone: this machine may have been busy, with windows to draw and pictures
 * to decode. What the second run says counts, and what only passed then is named.
 * With CONVOY_REQUIRE_E2E=1 an end-to-end test that is skipped counts as failed, but for those that say that they replay
 * captures which no checkout carries.
 */
interface Tally {
  passed: number;
  failed: string[];
  skipped: string[];
}

interface FileReport {
  name: string;
  status: string;
  assertionResults: { status: string; fullName: string }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reports = mkdtempSync(join(tmpdir(), 'convoy-tests-'));
const strict = process.env.CONVOY_REQUIRE_E2E === '1';
const mayBeSkipped = (name: string) => name.includes('no captures beside the checkout');

/** Of the files named, or of all. Nothing when the run wrote no report. */
async function runFiles(
  name: string,
  config: string,
  files: string[] = [],
): Promise<{ code: number; read?: FileReport[] }> {
  const report = join(reports, `${name}.json`);
  const words = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(
    process.execPath,
    [vitest, ...words, ...(files.length > 0 ? ['--no-file-parallelism'] : []), ...files],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const code = await new Promise<number>(done => child.on('close', status => done(status ?? 1)));
  try {
    return { code, read: (JSON.parse(readFileSync(report, 'utf8')) as { testResults: FileReport[] }).testResults };
  } catch {
    return { code };
  }
}

/** A file that could not be loaded has no tests to name, and stands for them. */
const failuresOf = (file: FileReport) => {
  const tests = file.assertionResults.filter(test => test.status === 'failed').map(test => test.fullName);
  return tests.length > 0 || file.status !== 'failed' ? tests : [relative(root, file.name)];
};

async function run(name: string, config: string): Promise<Tally> {
  const first = await runFiles(name, config);
  if (!first.read) return { passed: 0, failed: [`${name}: wrote no report`], skipped: [] };
  let files = first.read;
  let code = first.code;
  const doubtful = files.filter(file => failuresOf(file).length > 0);
  if (doubtful.length > 0) {
    console.log(`once more, alone: ${doubtful.map(file => relative(root, file.name)).join(' ')}`);
    const second = await runFiles(
      `${name}-again`,
      config,
      doubtful.map(file => file.name),
    );
    const again = second.read ?? doubtful;
    files = files.map(file => again.find(one => one.name === file.name) ?? file);
    code = second.code;
    const still = new Set(again.flatMap(failuresOf));
    for (const test of doubtful.flatMap(failuresOf))
      if (!still.has(test)) console.log(`failed at first, passed alone: ${test}`);
  }
  const tests = files.flatMap(file => file.assertionResults);
  const failed = files.flatMap(failuresOf);
  // An error outside of every test leaves its mark in the exit code only.
  if (code !== 0 && failed.length === 0) failed.push(`${name}: an error outside of every test`);
  return {
    passed: tests.filter(test => test.status === 'passed').length,
    failed,
    skipped: tests.filter(test => test.status !== 'passed' && test.status !== 'failed').map(test => test.fullName),
  };
}

const unit = await run('unit', 'test/vitest.config.ts');
const end = await run('e2e', 'test/e2e/vitest.config.ts');
rmSync(reports, { recursive: true, force: true });

const due = strict ? end.skipped.filter(name => !mayBeSkipped(name)) : [];
for (const name of [...unit.skipped, ...end.skipped]) console.log(`skipped: ${name}`);
for (const name of [...unit.failed, ...end.failed]) console.log(`failed: ${name}`);
for (const name of due) console.log(`failed, for it may not be skipped here: ${name}`);
const passed = unit.passed + end.passed;
const failed = unit.failed.length + end.failed.length + due.length;
const skipped = unit.skipped.length + end.skipped.length - due.length;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
