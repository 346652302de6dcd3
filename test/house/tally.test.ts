import { describe, expect, it } from 'vitest';
import { dictionaries } from '../../renderer/i18n/dictionary.ts';
import { filesUnder, sourceEndings, text } from './source-tree.ts';

/** Names written where they are counted; of a name put together there, what stands before the first insertion. */
const names = filesUnder('electron', sourceEndings).flatMap(path =>
  [...text(path).matchAll(/\b(?:#?tally)\??\.add\(\s*(?:'([^']*)'|`([^`$]*)\$)/g)].map(match => ({
    path,
    name: match[1] ?? `${match[2]}inserted`,
  })),
);

describe('tallies', () => {
  it('are found', () => {
    expect(names.length).toBeGreaterThan(60);
  });

  it('are named by stage and reason', () => {
    expect(names.filter(({ name }) => !/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z0-9]*$/.test(name))).toEqual([]);
  });

  it.each(['en', 'zh'] as const)('belong to the stages that the console has words for: %s', language => {
    const stages = new Set(names.map(({ name }) => name.split('.')[0]));
    expect(Object.keys(dictionaries[language].diagnostics.stages).sort()).toEqual([...stages].sort());
  });
});
