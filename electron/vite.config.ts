import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const media = path('simulator/media');
/** What the clips are drawn from stays behind. */
const source = /\.(inc|pov|py|yuv|md)$/;

/** Puts beside main.js what it reads when it runs. */
const copyAssets: Plugin = {
  name: 'convoy:assets',
  closeBundle() {
    mkdirSync(path('../dist'), { recursive: true });
    copyFileSync(path('../renderer/icon.png'), path('../dist/icon.png'));
    if (existsSync(media))
      cpSync(media, path('../dist/simulator-media'), { recursive: true, filter: from => !source.test(from) });
  },
};

const shared = {
  outDir: path('../dist'),
  emptyOutDir: false,
  copyPublicDir: false,
  minify: false,
  sourcemap: true,
} as const;

/**
 * Two builds, told apart by --mode. Everything but Electron and Node's own modules goes into the file, so that the
 * installed program carries no node_modules. The preload is sandboxed and must therefore be CommonJS in one file.
 */
export default defineConfig(({ mode }) => ({
  root: path('..'),
  ssr: { noExternal: true, external: ['electron'] },
  // The FTP library's own logger would bring code that looks for native add-ons.
  resolve: { alias: { bunyan: path('record/uploads/quiet-log.ts') } },
  plugins: mode === 'main' ? [copyAssets] : [],
  build: {
    ...shared,
    target: 'node20',
    ssr: path(mode === 'main' ? 'main.ts' : 'preload.ts'),
    rollupOptions: {
      external: ['electron'],
      output:
        mode === 'main'
          ? { format: 'es', entryFileNames: 'main.js', codeSplitting: false }
          : { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
    },
  },
}));
