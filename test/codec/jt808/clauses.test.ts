import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messages } from '../../../electron/codec/jt808/messages.ts';

const root = new URL('../../../', import.meta.url);
const bodies = 'electron/codec/jt808/body/';
const page = readFileSync(new URL('docs/clauses.md', root), 'utf8');

function section(title: string): string {
  return page.split(/^## /m).find(part => part.startsWith(title)) ?? '';
}

describe('docs/clauses.md', () => {
  it('lists the messages of the table, each with the file that defines it', () => {
    const rows = [
      ...section('Supported messages').matchAll(/^\| (0x\w{4}) \| (.+) \| (.+) \| (.+) \| `(.+)` \|$/gm),
    ].map(([, id, name, direction, editions, file]) => ({ id: Number(id), name, direction, editions, file }));
    expect(rows.map(({ file: _, ...row }) => row)).toEqual(
      Object.values(messages)
        .map(({ id, name, direction, editions }) => ({ id, name, direction, editions: editions.join(', ') }))
        .toSorted((a, b) => a.id - b.id),
    );
    for (const { id, file } of rows) {
      const source = readFileSync(new URL(`${bodies}${file}`, root), 'utf8');
      expect(source, file).toContain(`id: 0x${id.toString(16).padStart(4, '0')},`);
    }
  });

  it('names files that exist', () => {
    const named = [...page.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file as string);
    expect(named.length).toBeGreaterThan(30);
    for (const file of named) {
      const path = file.includes('/') ? file : `${bodies}${file}`;
      expect(existsSync(new URL(path, root)), path).toBe(true);
    }
  });
});
