import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingTable } from '../../electron/config.ts';
import { errorCodes } from '../../electron/contract.ts';
import { filesUnder, root, text } from './source-tree.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesUnder('docs', ['.md'])];
const withoutCode = (page: string) =>
  text(page)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');

/** A heading's anchor as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchors = (page: string) =>
  [
    ...text(page)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(match => anchor(match[1] ?? ''));

interface Row {
  default: string | number | boolean;
  min?: number;
  max?: number;
  unit?: string;
  choices?: readonly string[];
  restart?: boolean;
  doc: string;
}

function settingLine(key: string, row: Row): string {
  const unit = row.unit ? ` ${row.unit}` : '';
  const range = row.choices ? row.choices.join(', ') : row.min === undefined ? '' : `${row.min} to ${row.max}`;
  const standard = row.default === '' ? 'empty' : `${row.default}${unit}`;
  return `| \`${key}\` | ${standard} | ${range} | ${row.restart ? 'yes' : ''} | ${row.doc} |`;
}

const settingLines = Object.entries(settingTable).map(([key, row]) => settingLine(key, row));
const errorLines = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);

/** `UPDATE_DOCS=1 npm run test:unit -- test/house` writes the tables anew. */
if (process.env.UPDATE_DOCS)
  for (const [page, lines] of [
    ['docs/settings.md', settingLines],
    ['docs/errors.md', errorLines],
  ] as const) {
    const head = text(page)
      .split('\n')
      .filter(line => !line.startsWith('| `'));
    writeFileSync(join(root, page), `${head.join('\n').trimEnd()}\n${lines.join('\n')}\n`);
  }

const tableLines = (page: string) =>
  text(page)
    .split('\n')
    .filter(line => line.startsWith('| `'));

describe('documents', () => {
  it('link to files and headings that are there', () => {
    const broken = pages.flatMap(page =>
      [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(match => match[1] ?? '')
        .filter(link => !/^[a-z]+:/.test(link))
        .filter(link => {
          const [path = '', heading] = link.split('#');
          const target = path === '' ? page : posix.join(dirname(page), path);
          if (!existsSync(join(root, target))) return true;
          return heading !== undefined && !anchors(target).includes(heading);
        })
        .map(link => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('name only files of the source that are there', () => {
    const broken = pages.flatMap(page =>
      [...text(page).matchAll(/`((?:electron|renderer|test|bench)\/[\w./-]+\.(?:tsx?|css|html))`/g)]
        .map(match => match[1] ?? '')
        .filter(path => !existsSync(join(root, path)))
        .map(path => `${page}: ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it('list every setting as it is', () => {
    expect(tableLines('docs/settings.md')).toEqual(settingLines);
  });

  it('list every error code as it is', () => {
    expect(tableLines('docs/errors.md')).toEqual(errorLines);
  });

  it('claim no conformity', () => {
    for (const page of pages)
      expect(text(page)).not.toMatch(
        /(conforms?|complian(t|ce)|certified)[^.]*(1077|JT\/T)|(JT\/T)[^.]*(complian(t|ce)|certified)/i,
      );
  });
});
