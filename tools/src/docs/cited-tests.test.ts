/** What docs/reliability.md and docs/security.md call tested is tested by what they name. */
import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../checks/workspace.ts';
import { workspaceRoot } from '../workspace-root.ts';
import { citedTests, missingTests } from './cited-tests.ts';
import { readPages, tableBelow } from './pages.ts';

const sources = new Map(readWorkspace(workspaceRoot).files.map(({ path, text }) => [path, text]));
const pages = readPages(workspaceRoot);
/** Of the list of faults: each has a row. */
const faultNumbers = Array.from({ length: 93 }, (_, index) => index + 1);
const pageText = (path: string) => pages.find((page) => page.path === path)?.text ?? '';
const textOf = (path: string) => sources.get(path);

describe.each(pages.map(({ path, text }) => [path, text] as const))('%s', (_path, text) => {
  it('names tests that exist, by words of their titles', () => {
    expect(missingTests(text, textOf)).toEqual([]);
  });
});

/** Rows that name no test, and do not say in plain words that there is none. */
const unproven = (rows: readonly (readonly string[])[]) =>
  rows.filter((row) => {
    const evidence = row.at(-1) ?? '';
    return citedTests(evidence).every(({ words }) => words.length === 0) && !/\bnot covered( yet)?: \S/i.test(evidence);
  });

describe('docs/reliability.md', () => {
  const page = pageText('docs/reliability.md');

  it('has every fault that is covered, in the order of the list', () => {
    const numbers = tableBelow(page, 'Faults').map(([number]) => Number(number));
    expect(numbers).toEqual(faultNumbers);
  });

  it('has every invariant', () => {
    expect(tableBelow(page, 'Invariants').map(([name]) => name)).toEqual([
      'I1',
      'I2',
      'I3',
      'I4',
      'I5',
      'I6',
      'I7',
      'I8',
    ]);
  });

  it('has every reported case once', () => {
    const reported = tableBelow(page, 'Reported cases').map(([what]) => what);
    expect(new Set(reported).size).toBe(35);
    expect(reported).toHaveLength(35);
  });

  it.each(['Invariants', 'Faults', 'Reported cases'])(
    'names a test, or says that there is none, in every row of %s',
    (heading) => {
      expect(unproven(tableBelow(page, heading))).toEqual([]);
    },
  );

  it('counts right what is covered', () => {
    const rows = tableBelow(page, 'Faults').map((row) => row.at(-1) ?? '');
    const none = rows.filter((evidence) => citedTests(evidence).length === 0).length;
    const open = rows.filter((evidence) => /not covered/i.test(evidence)).length;
    expect(page).toContain(
      `${rows.length - open} of ${rows.length} are covered, ${open - none} in part, ${none} not yet`,
    );
  });
});

describe('docs/security.md', () => {
  it('names a test, or says that there is none, for every threat', () => {
    const rows = tableBelow(pageText('docs/security.md'), 'Threats');
    expect(rows.length).toBeGreaterThan(10);
    expect(unproven(rows)).toEqual([]);
  });
});

describe('a page that is wrong', () => {
  const planted = (path: string) =>
    path === 'libs/a/src/b.test.ts' ? "it('keeps the promise', () => {});" : undefined;

  it('is told of tests and words that are not there', () => {
    const text = '`libs/a/src/b.test.ts` "keeps the promise" "keeps it faster"; `libs/a/src/gone.contract.ts` "x"';
    expect(missingTests(text, planted)).toEqual([
      'libs/a/src/b.test.ts has no test "keeps it faster"',
      'libs/a/src/gone.contract.ts does not exist',
    ]);
  });

  it('is told of a row without evidence', () => {
    const rows = [
      ['1', '`libs/a/src/b.test.ts` "keeps the promise"'],
      ['2', 'not covered: no function for it'],
      ['3', '`libs/a/src/b.test.ts`'],
      ['4', 'by care'],
      ['5', 'not covered:'],
    ];
    expect(unproven(rows).map(([number]) => number)).toEqual(['3', '4', '5']);
  });
});
