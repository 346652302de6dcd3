import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../electron/log.ts';
import { LogFile } from '../electron/log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('LogFile', () => {
  it('takes the log’s lines at once and goes on with the file that is there', () => {
    const first = new LogFile(join(folder, 'logs'));
    openLog('info', first).warn({ peer: 'a' }, 'odd');
    first.close();
    const second = new LogFile(join(folder, 'logs'));
    second.write('next\n');
    second.close();
    const [line = '', next] = readFileSync(join(folder, 'logs', 'convoy.log'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({ level: 40, peer: 'a', msg: 'odd' });
    expect(next).toBe('next');
  });

  it('keeps as many older files as it was told, the youngest first', () => {
    const log = new LogFile(folder, { maxBytes: 8, keep: 2 });
    for (const letter of 'abcde') log.write(`${letter.repeat(9)}\n`);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['convoy.1.log', 'convoy.2.log', 'convoy.log']);
    expect(readFileSync(join(folder, 'convoy.log'), 'utf8')).toMatch(/^e/);
    expect(readFileSync(join(folder, 'convoy.1.log'), 'utf8')).toMatch(/^d/);
    expect(readFileSync(join(folder, 'convoy.2.log'), 'utf8')).toMatch(/^c/);
  });

  it('loses lines, not the program, when the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    const log = new LogFile(join(folder, 'file', 'logs'));
    expect(() => log.write('x\n')).not.toThrow();
  });
});
