import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu, Fedora and Arch put it. */
const xvfb = '/usr/bin/Xvfb';

/** On a Linux machine without a display, starts a virtual one for the run, and ends it after. */
export async function setup(): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY || !existsSync(xvfb)) return;
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  process.env.DISPLAY = `:${await displayOf(child)}`;
  return () => child.kill();
}

/** The display server chooses a free number and writes it down when it is ready. */
function displayOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    child.on('close', code => reject(new Error(`Xvfb ended with ${code}`)));
  });
}
