import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The page is served under a policy without inline scripts and styles, and from any path: assets stay files of their own
 * and are named relative to the page.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      onLog(level, log, tell) {
        // jmuxer names Node's streams for Node alone; in a page that line is never reached.
        if (!log.message.includes('"stream" has been externalized')) tell(level, log);
      },
    },
  },
});
