import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One program at a time: each test has a window, and pictures to decode. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/display.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    // Of tests in one page that say that they may run side by side.
    maxConcurrency: 8,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
