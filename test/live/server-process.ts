import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Node of the version that Electron carries, whatever runs the tests. */
export const node =
  Number.parseInt(process.versions.node, 10) >= 24
    ? process.execPath
    : join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
/** Port 0 is picked for TCP; the same number may be taken for UDP just then. */
const attempts = 4;

export interface ServerOptions {
  /** Kept when given; else a new one, removed by `stop`. */
  readonly dataDir?: string;
  readonly settings?: Record<string, number | string | boolean>;
  readonly env?: Record<string, string>;
}

export interface StreamEntry {
  subscribers: number;
  lastFrame: string | null;
  frames: number;
  keyFrames: number;
  packetsLost: number;
  framesDropped: number;
  status: {
    phase: string;
    codec?: string;
    width?: number;
    height?: number;
    transport?: string;
    target?: string;
    error?: { code: string };
    steps: { step: string }[];
  };
}

export interface VehicleEntry {
  id: string;
  headerId: string;
  state: string;
  plate: string;
  version: string;
  channels: { channel: number }[];
  position?: Record<string, number | boolean>;
}

/** `node electron/serve.ts`, a process of its own. */
export class ServerProcess {
  readonly signalPort: number;
  readonly mediaPort: number;
  readonly door: string;
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #ownsDataDir: boolean;
  readonly #said: { out: string; err: string };

  private constructor(child: ChildProcess, said: { out: string; err: string }, dataDir: string, ownsDataDir: boolean) {
    const ports = /TCP (\d+), TCP and UDP (\d+), console at (\S+)\/\n/.exec(said.out);
    if (!ports) throw new Error(`not the line that was expected: ${said.out}`);
    this.#child = child;
    this.#said = said;
    this.#ownsDataDir = ownsDataDir;
    this.dataDir = dataDir;
    this.signalPort = Number(ports[1]);
    this.mediaPort = Number(ports[2]);
    this.door = ports[3]!;
  }

  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt++) {
      const run = launch(options);
      const listens = await Promise.race([
        once(run.child.stdout!, 'data').then(() => true),
        once(run.child, 'exit').then(() => false),
      ]);
      if (listens) return new ServerProcess(run.child, run.said, run.dataDir, run.ownsDataDir);
      if (run.ownsDataDir) rmSync(run.dataDir, { recursive: true, force: true });
      if (attempt === attempts || !run.said.err.includes('portInUse')) throw new Error(run.said.err);
    }
  }

  /** Expects it not to start. @returns its exit code and what it wrote to stderr */
  static async fails(options: ServerOptions): Promise<{ code: number | null; err: string; out: string }> {
    const run = launch(options);
    const [code] = (await once(run.child, 'close')) as [number | null];
    if (run.ownsDataDir) rmSync(run.dataDir, { recursive: true, force: true });
    return { code, ...run.said };
  }

  /** Everything on stdout. */
  get stdout(): string {
    return this.#said.out;
  }

  get stderr(): string {
    return this.#said.err;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.door}${path}`, { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  }

  async stats(): Promise<Record<string, StreamEntry>> {
    return this.get('/api/stream/stats');
  }

  async vehicles(): Promise<VehicleEntry[]> {
    return this.get('/api/vehicles');
  }

  async tallies(): Promise<Record<string, number>> {
    return (await this.get<{ tallies: Record<string, number> }>('/api/diagnostics')).tallies;
  }

  /** Resident memory in bytes; 0 where the system does not tell. */
  memory(): number {
    try {
      const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'));
      return Number(line?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  }

  /** Stands still until `thaw`, as on a machine that is busy with something else. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    if (process.platform !== 'win32') this.#child.kill('SIGCONT');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.isRunning) {
      const exited = once(this.#child, 'exit');
      this.thaw();
      this.#child.kill(signal);
      await exited;
    }
    if (this.#ownsDataDir) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function launch({ dataDir, settings, env }: ServerOptions) {
  const ownsDataDir = dataDir === undefined;
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'convoy-live-'));
  if (settings) writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const child = spawn(node, ['electron/serve.ts'], {
    cwd: root,
    env: { ...process.env, TCP_PORT: '0', UDP_PORT: '0', API_PORT: '0', DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that fails half-way must not leave it behind.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const said = { out: '', err: '' };
  child.stdout.on('data', chunk => {
    said.out += chunk;
  });
  child.stderr.on('data', chunk => {
    said.err += chunk;
  });
  return { child, said, dataDir: folder, ownsDataDir };
}
