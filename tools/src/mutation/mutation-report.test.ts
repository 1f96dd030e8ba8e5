import { describe, expect, it } from 'vitest';
import { type MutationReport, percentOf, renderScores, scoreOf, sum, tellUnseen } from './mutation-report.ts';

const mutant = (status: string, replacement?: string) => ({
  status,
  mutatorName: 'EqualityOperator',
  location: { start: { line: 7, column: 12 } },
  ...(replacement === undefined ? {} : { replacement }),
});

const report: MutationReport = {
  files: {
    'src/a.ts': { mutants: [mutant('Killed'), mutant('Timeout'), mutant('Survived', 'a <=\n  b'), mutant('Ignored')] },
    'src/b.ts': { mutants: [mutant('NoCoverage'), mutant('CompileError'), mutant('RuntimeError')] },
  },
};

describe('the score', () => {
  it('counts what ended and what did not, what nobody ran, and what is excluded; what cannot be loaded counts nowhere', () => {
    expect(scoreOf(report)).toEqual({ seen: 2, unseen: 2, excluded: 1 });
  });

  it.each([
    [{ seen: 849, unseen: 151, excluded: 0 }, 84.9],
    [{ seen: 8_499, unseen: 1_501, excluded: 9 }, 84.9],
    [{ seen: 85, unseen: 15, excluded: 0 }, 85],
    [{ seen: 0, unseen: 3, excluded: 0 }, 0],
    [{ seen: 0, unseen: 0, excluded: 2 }, 100],
  ])('of %j is %d %%, rounded down', (score, percent) => {
    expect(percentOf(score)).toBe(percent);
  });

  it('of several packages is that of all their mutants', () => {
    const scores = [
      { seen: 1, unseen: 0, excluded: 2 },
      { seen: 10, unseen: 9, excluded: 0 },
    ];
    expect(sum(scores)).toEqual({ seen: 11, unseen: 9, excluded: 2 });
  });
});

it('tells of each mutant that no test saw where it is and what stood there', () => {
  expect(tellUnseen(report)).toEqual([
    'src/a.ts:7:12 EqualityOperator: a <= b',
    'src/b.ts:7:12 EqualityOperator (no test runs it): ',
  ]);
});

it('puts the scores into columns', () => {
  const scores = new Map([
    ['validation', { seen: 171, unseen: 11, excluded: 0 }],
    ['sla', { seen: 9, unseen: 1, excluded: 12 }],
  ]);
  expect(renderScores(scores)).toEqual([
    'package      score  seen  unseen  excluded',
    'validation  93.9 %   171      11         0',
    'sla         90.0 %     9       1        12',
  ]);
});
