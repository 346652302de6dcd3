import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { settingTable } from '../../../electron/config.ts';
import { errorCodes, openingSteps, type StreamPhase } from '../../../electron/contract.ts';
import { createDictionary, dictionaries, systemLanguage } from '../../../renderer/i18n/dictionary.ts';
import { commands } from '../../../renderer/keys/commands.ts';
import { languages } from '../../../renderer/store/preferences.ts';
import { tileKinds } from '../../../renderer/store/tiles.ts';

const renderer = fileURLToPath(new URL('../../../renderer/', import.meta.url));
const electron = fileURLToPath(new URL('../../../electron/', import.meta.url));

/** Every text by its path. */
function texts(words: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(path + key, value);
    else for (const [inner, text] of texts(value as object, `${path}${key}.`)) found.set(inner, text);
  }
  return found;
}

function sources(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => ending.test(name) && !name.includes('node_modules'))
    .map(name => join(folder, name));
}

const english = texts(dictionaries.en);
const braces = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!).sort();
/** The same in every language: names, signs, and each language's own name in the other's words. */
const alike =
  /^(app\.name|codec\.|settings\.engineWebcodecs|figure\.(speed|latency|unknown)|bar\.hidden$|rail\.times|panel\.target|badge\.opening|fleet\.counts$|remark\.failed|notice\.(unknown|vehicleAlarm)|vehicle\.(udp|tcp)$|unit\.[GM]B$|doctor\.looks\.(http|ssh|rtsp)$|parameterUnit\.(kbit|percent)$|parameterChoice\.(w?cif|qcif|w?d1|p\d+|period\d)$)/;

describe.each(languages)('%s', language => {
  const words = texts(dictionaries[language]);

  it('has the keys of the others and no empty text', () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...words].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fills the same braces', () => {
    for (const [key, text] of words) {
      if (key.endsWith('_one') || key.endsWith('_other')) continue;
      expect({ key, braces: braces(text) }).toEqual({ key, braces: braces(english.get(key)!) });
    }
  });

  it('has words for every code, step, phase, state, setting and command', () => {
    const phases: Record<StreamPhase, true> = {
      offline: true,
      opening: true,
      live: true,
      waiting: true,
      stalled: true,
      lost: true,
      refused: true,
      closed: true,
    };
    const wanted = [
      ...Object.keys(errorCodes).map(code => `error.${code}`),
      ...openingSteps.flatMap(step => [`step.${step}`, `stepShort.${step}`, `await.${step}`]),
      ...Object.keys(phases).map(phase => `phase.${phase}`),
      ...tileKinds.map(kind => `chip.${kind}`),
      ...Object.keys(settingTable).flatMap(key => [`setting.${key}.name`, `setting.${key}.doc`]),
      ...Object.values(settingTable).flatMap(row => ('unit' in row && row.unit ? [`unit.${row.unit}`] : [])),
      ...commands.map(command => `command.${command.id}`),
    ];
    expect(wanted.filter(key => !words.has(key))).toEqual([]);
  });

  it('has words for every notice that the server gives', () => {
    const given = sources(electron, /\.ts$/).flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/(?:notice|give)\(\s*'(?:info|warning|error)',\s*'(\w+)'/g)].map(
        match => match[1]!,
      ),
    );
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter(text => !words.has(`notice.${text}`))).toEqual([]);
  });
});

it('says in Chinese what it says in Chinese', () => {
  const untranslated = [...texts(dictionaries.zh)].filter(
    ([key, text]) => !alike.test(key) && text === english.get(key),
  );
  expect(untranslated).toEqual([]);
});

it('changes its language while it runs', async () => {
  const dictionary = createDictionary('en');
  expect(dictionary.t('chip.live')).toBe('LIVE');
  expect(dictionary.t('health.problems', { count: 1 })).toBe('1 problem');
  await dictionary.changeLanguage('zh');
  expect(dictionary.t('chip.live')).toBe('实时');
  expect(dictionary.t('health.problems', { count: 2 })).toBe('2 个问题');
});

it('takes the language of the computer where there is a dictionary for it', () => {
  expect([['zh-CN', 'en'], ['zh'], ['de', 'zh'], []].map(systemLanguage)).toEqual(['zh', 'zh', 'en', 'en']);
});

/** Attributes that a person reads or hears. */
const spoken = new Set(['title', 'aria-label', 'placeholder', 'alt', 'aria-description', 'aria-valuetext']);
/** Key caps, arrows and signs are the same in every language. */
const wordless = /^(?:[^\p{L}]*|\(⇧? ?(?:[A-Z]|Esc)\)|⇧? ?[A-Z]|Ctrl|Del|Enter|Esc|\?)$/u;

interface Node {
  type: string;
  [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Literal texts that reach a person without the dictionary. */
function literals(node: Node, found: string[], within = ''): string[] {
  if (node.type === 'JSXText' && !wordless.test(String(node.value).trim())) found.push(String(node.value).trim());
  let here = within;
  if (node.type === 'JSXAttribute') here = String((node.name as Node).name);
  if (node.type === 'JSXExpressionContainer' && within === '') here = 'child';
  if (node.type === 'CallExpression' || node.type === 'ArrowFunctionExpression' || node.type === 'MemberExpression')
    here = 'code';
  if (node.type === 'BinaryExpression' || node.type === 'JSXElement') here = '';
  const text =
    node.type === 'Literal'
      ? node.value
      : node.type === 'TemplateElement'
        ? (node.value as { cooked: string }).cooked
        : undefined;
  if (typeof text === 'string' && (spoken.has(here) || here === 'child') && !wordless.test(text.trim()))
    found.push(`${here}: ${text}`);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) literals(child, found, here);
  return found;
}

/** Names of standards and units are said alike everywhere. */
const names = /JT\/T 808-|Hz|[(]$/;

it('lets no text past the dictionary', () => {
  const files = sources(renderer, /\.tsx$/);
  expect(files.length).toBeGreaterThan(30);
  const past = files.flatMap(file => {
    const tree = parseAst(readFileSync(file, 'utf8'), { lang: 'tsx', sourceType: 'module' }) as unknown as Node;
    return literals(tree, [])
      .filter(text => !names.test(text))
      .map(text => `${relative(renderer, file)}: ${text}`);
  });
  expect(past).toEqual([]);
});

it('notices a text that goes past it', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
  const source = '<b title="Hello" className="x">{f ? "Stop" : t("bar.menu")} go <i aria-label={`At ${n}`} /></b>';
  const tree = parseAst(source, { lang: 'tsx' }) as unknown as Node;
  expect(literals(tree, []).sort()).toEqual(['aria-label: At ', 'child: Stop', 'go', 'title: Hello']);
});

it('has no text that nothing uses', () => {
  const code = sources(renderer, /\.tsx?$/)
    .filter(file => !/i18n.(en|zh).(?!words)/.test(relative(renderer, file)))
    .concat(join(electron, 'contract.ts'))
    .map(file => readFileSync(file, 'utf8'))
    .join('\n');
  const byPattern =
    /^(error|vehicleStorage|ear|phase|chip|chipShort|step|stepShort|await|command|setting|settingGroup|notice|alarmWord|videoAlarmWord|codec|undecodable|heading|fit|remark|badge|keys|diagnostics|fleet|tool|panel|vehicle|health|settings|paneChip|gapCause|recordCause|recordPhase|plans|planMode|planHelp|exportState|page|archive|doctor|usage|microphone|talkRow|textFlag|textFlagHelp|alarms|drivingWord|traceEnd|traceSave|steer|steerShort|parameters|parameter|parameterGroup|parameterUnit|parameterChoice|order|control|transfers|uploadForm|review)\./;
  const unused = [...english.keys()].filter(key => {
    const name = key.replace(/_(one|other)$/, '');
    if (code.includes(`'${name}'`)) return false;
    const last = name.split('.').at(-1)!;
    return (
      !(byPattern.test(name) && new RegExp(`['"\`.]${last}['"\`]|\\b${last}\\b`).test(code)) &&
      !/^(error|alarmWord|videoAlarmWord|drivingWord|setting|notice|unit|diagnostics\.stages|doctor\.(looks|limit))\./.test(
        name,
      )
    );
  });
  expect(unused).toEqual([]);
});
