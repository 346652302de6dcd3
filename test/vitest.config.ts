import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**'],
    // jmuxer is a UMD build under "type": "module": left external, its default import is undefined.
    server: { deps: { inline: ['jmuxer'] } },
    testTimeout: 20_000,
    // Most of the time of a test with sockets is waited: two cores have room for four.
    maxWorkers: 4,
  },
});
