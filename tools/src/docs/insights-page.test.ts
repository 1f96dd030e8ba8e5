/** docs/insights.md against the rules: every kind and action has its place, and a number on the page is the number in the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { citedConstants, wrongConstants } from './cited-constants.ts';
import { readPages, tableBelow } from './pages.ts';

interface CadenceRule {
  readonly cadence: string;
  readonly fromDays: number;
  readonly toDays: number;
  readonly least: number;
  readonly mature: number;
}

/** By its file: tools depend on none of ours. */
const load = (path: string) => import(pathToFileURL(join(workspaceRoot, path)).href);
const source = (path: string) => readFileSync(join(workspaceRoot, path), 'utf8');

const { cadenceRules } = (await load('libs/insights/src/cadence.ts')) as { cadenceRules: readonly CadenceRule[] };

const page = readPages(workspaceRoot).find(({ path }) => path === 'docs/insights.md')?.text ?? '';
const types = source('libs/insights/src/insight.ts');
const kinds = [...types.matchAll(/^ {2}readonly kind: '([\w-]+)';$/gm)].map(([, kind = '']) => kind);
const [, actionUnion = ''] =
  /^ {2}readonly action:\n((?: {4}\| '[\w-]+'\n?)+)/m.exec(types.replaceAll(';', '\n')) ?? [];
const actions = [...actionUnion.matchAll(/'([\w-]+)'/g)].map(([, action = '']) => action);
const code = (cell = '') => cell.replaceAll('`', '');

describe('docs/insights.md', () => {
  it('has a section for every kind of insight, and for no other', () => {
    expect(kinds).toContain('recurring');
    const [, after = ''] = page.split('\n## The kinds\n');
    const [section = ''] = after.split('\n## ');
    const headings = [...section.matchAll(/^### `([\w-]+)`$/gm)].map(([, kind]) => kind);
    expect(headings).toEqual(kinds);
  });

  it.each(kinds)(
    'says of %s what it tells, its rule, what it needs, its fingerprint, where it is weak, and its test',
    (kind) => {
      const [, after = ''] = page.split(`\n### \`${kind}\`\n`);
      const [section = ''] = after.split(/\n##+ /);
      const parts = [...section.matchAll(/\*\*(Says|Rule|Needs|Fingerprint|Weak|Held by)\b/g)].map(([, part]) => part);
      expect(parts).toEqual(['Says', 'Rule', 'Needs', 'Fingerprint', 'Weak', 'Held by']);
      expect(section).toMatch(/\*\*Held by\*\* `libs\/insights\/src\/[\w-]+\.test\.ts`/);
    },
  );

  it('has a row for every action that is recommended, and for no other', () => {
    expect(actions).toContain('move-money');
    const rows = tableBelow(page, 'Recommendations').map(([action]) => code(action));
    expect(rows).toEqual(actions);
  });

  it('has the rhythms as they are looked for', () => {
    const late = source('libs/insights/src/projection.ts');
    const lateDays = (cadence: string) => new RegExp(`^ {2}${cadence}: (\\d+),$`, 'm').exec(late)?.[1];
    expect(tableBelow(page, '`recurring`')).toEqual(
      cadenceRules.map(({ cadence, fromDays, toDays, least, mature }) => [
        cadence,
        `${fromDays} to ${toDays}`,
        `${least}`,
        `${mature}`,
        lateDays(cadence),
      ]),
    );
  });

  it('has the amounts that matter, in dollars', () => {
    const [, dollars = ''] =
      /^const dollars = \{\n([\s\S]*?)^\};$/m.exec(source('libs/insights/src/thresholds.ts')) ?? [];
    const inCode = [...dollars.matchAll(/^ {2}(\w+): ([\d._]+),$/gm)].map(([, name, amount]) => [name, Number(amount)]);
    const rows = tableBelow(page, 'Amounts that matter').map(([name, amount]) => [code(name), Number(amount)]);
    expect(inCode).toContainEqual(['idle', 500]);
    expect(rows).toEqual(inCode);
  });

  it('cites constants as the code has them', () => {
    const cited = citedConstants(page);
    for (const name of ['recentDays', 'newestKept', 'forecastDays', 'saveBehind', 'savingsInterestPercent'])
      expect(cited.map((each) => each.name)).toContain(name);
    expect(wrongConstants(cited, source)).toEqual([]);
  });
});

describe('a cited constant', () => {
  const text = 'At most 5 days (`libs/a.ts`, `MOST_DAYS = 5`), and `least = 3_000`. Then `libs/b.ts`: `SHARE = 0.25`.';
  const files: Readonly<Record<string, string>> = {
    'libs/a.ts': 'const MOST_DAYS = 5;\nexport const least = 3_000;\n',
    'libs/b.ts': 'const SHARE = 0.2;\n',
  };

  it('is of the file that is named last before it', () => {
    expect(citedConstants(text)).toEqual([
      { path: 'libs/a.ts', name: 'MOST_DAYS', value: '5' },
      { path: 'libs/a.ts', name: 'least', value: '3_000' },
      { path: 'libs/b.ts', name: 'SHARE', value: '0.25' },
    ]);
  });

  it('is wrong where the file has another value, or no such constant', () => {
    const read = (path: string) => files[path] ?? '';
    expect(wrongConstants(citedConstants(`${text} \`GONE = 1\``), read)).toEqual([
      'libs/b.ts has SHARE = 0.2, not 0.25',
      'libs/b.ts has no constant GONE',
    ]);
  });
});
