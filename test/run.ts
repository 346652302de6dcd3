import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm test`: unit and socket tests, then the end-to-end tests. The last line says how many passed and failed.
 * With CONVOY_REQUIRE_E2E=1 an end-to-end test that is skipped counts as failed, but for those that say that they replay
 * captures which no checkout carries.
 */
interface Tally {
  passed: number;
  failed: number;
  skipped: string[];
}

interface Report {
  numFailedTestSuites: number;
  testResults: { status: string; message: string; assertionResults: { status: string; fullName: string }[] }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reports = mkdtempSync(join(tmpdir(), 'convoy-tests-'));
const strict = process.env.CONVOY_REQUIRE_E2E === '1';
const mayBeSkipped = (name: string) => name.includes('no captures beside the checkout');

async function run(name: string, config: string): Promise<Tally> {
  const report = join(reports, `${name}.json`);
  const words = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, ...words], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number>(done => child.on('close', status => done(status ?? 1)));
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  try {
    const read = JSON.parse(readFileSync(report, 'utf8')) as Report;
    for (const file of read.testResults) {
      // A file that could not be loaded has no tests to count.
      if (file.status === 'failed' && file.assertionResults.length === 0) tally.failed++;
      for (const test of file.assertionResults) {
        if (test.status === 'passed') tally.passed++;
        else if (test.status === 'failed') tally.failed++;
        else tally.skipped.push(test.fullName);
      }
    }
  } catch {
    tally.failed++;
  }
  // An error outside of every test leaves its mark in the exit code only.
  if (code !== 0 && tally.failed === 0) tally.failed++;
  return tally;
}

const unit = await run('unit', 'test/vitest.config.ts');
const end = await run('e2e', 'test/e2e/vitest.config.ts');
rmSync(reports, { recursive: true, force: true });

const due = strict ? end.skipped.filter(name => !mayBeSkipped(name)) : [];
for (const name of [...unit.skipped, ...end.skipped]) console.log(`skipped: ${name}`);
for (const name of due) console.log(`failed, for it may not be skipped here: ${name}`);
const passed = unit.passed + end.passed;
const failed = unit.failed + end.failed + due.length;
const skipped = unit.skipped.length + end.skipped.length - due.length;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
