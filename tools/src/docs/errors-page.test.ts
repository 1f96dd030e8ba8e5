/** docs/errors.md holds the codes that the sources hold, no more and no fewer. */
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { codesOfAnswers, codesOfTable, codesOfUnion, errorClasses, namesOfTable, readSource } from './error-codes.ts';
import { readPages, tableBelow } from './pages.ts';

const page = readPages(workspaceRoot).find(({ path }) => path === 'docs/errors.md')?.text ?? '';
const source = (path: string) => readSource(workspaceRoot, path);
const union = (path: string, name: string) => codesOfUnion(source(path), name);
const outcomes = codesOfTable(source('libs/providers/src/provider-error.ts'), 'providerErrorOutcomes');
const handlers = globSync('apps/*/src/*-handler.ts', { cwd: workspaceRoot });

const sections: Readonly<Record<string, readonly string[]>> = {
  ProviderError: [...outcomes.keys()],
  AwsError: union('libs/aws/src/call-in-time.ts', 'AwsErrorCode'),
  StorageError: union('libs/storage/src/storage-error.ts', 'StorageErrorCode'),
  ProcessorError: union('apps/processor/src/processor-error.ts', 'ProcessorErrorCode'),
  ConnectError: union('apps/processor/src/connect/connect-error.ts', 'ConnectErrorCode'),
  WebhookRefusal: union('libs/providers/src/plaid/webhook/decide-webhook.ts', 'WebhookRefusal'),
  ValidationError: union('libs/validation/src/validation-error.ts', 'ValidationErrorCode'),
  ApiError: namesOfTable(source('apps/processor/src/api/problems.ts'), 'problems'),
  'HTTP problems': [...new Set(handlers.flatMap((path) => codesOfAnswers(source(path))))],
  AuditCode: union('libs/storage/src/audit-finding.ts', 'AuditCode'),
  QuarantineReason: union('libs/validation/src/canonical.ts', 'QuarantineReason'),
  SlaError: union('libs/sla/src/sla-error.ts', 'SlaErrorCode'),
};

const rowsOf = (heading: string) => tableBelow(page, heading);
const codesOn = (heading: string) => rowsOf(heading).map(([code = '']) => code.replaceAll('`', ''));

describe.each(Object.entries(sections))('docs/errors.md, %s', (heading, codes) => {
  it('has a row for every code, and none for another', () => {
    expect(codes.length).toBeGreaterThan(1);
    expect(codesOn(heading).toSorted()).toEqual([...codes].sort());
  });

  it('says in every row what it means, what happens and what to do', () => {
    const width = heading === 'ProviderError' ? 5 : 4;
    const unfinished = rowsOf(heading).filter((row) => row.length !== width || row.includes(''));
    expect(unfinished).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('gives each provider error the outcome class that the code gives it', () => {
    const written = rowsOf('ProviderError').map(([code = '', outcome]) => [code.replaceAll('`', ''), outcome]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(outcomes));
  });

  it('has a section for every error class of what is deployed', () => {
    expect(errorClasses(workspaceRoot)).toEqual(
      Object.keys(sections)
        .filter((name) => name.endsWith('Error'))
        .sort(),
    );
  });
});

describe('the reading of the sources', () => {
  const file = (text: string) => ({ path: 'planted.ts', text });

  it('finds a new member of a union, with comments between', () => {
    const text =
      "export type PlantedCode =\n  /** First. */\n  | 'ONE'\n  // Second.\n  | 'TWO';\ntype Other = 'THREE';";
    expect(codesOfUnion(file(text), 'PlantedCode')).toEqual(['ONE', 'TWO']);
  });

  it('refuses a union that it cannot read whole', () => {
    expect(() => codesOfUnion(file("type A = 'ONE' | B; type B = 'TWO';"), 'A')).toThrow('no string: B');
  });

  it('finds the codes of a table and of answers', () => {
    expect([...codesOfTable(file("const t = { ONE: 'soon', TWO: 'later' } as const;"), 't')]).toEqual([
      ['ONE', 'soon'],
      ['TWO', 'later'],
    ]);
    const nested =
      "const t = { ONE: { status: 1, title: 'x' }, TWO: {} } as const satisfies X; const u = { THREE: {} };";
    expect(namesOfTable(file(nested), 't')).toEqual(['ONE', 'TWO']);
    const answers =
      "problem(404, 'ONE', 'x'); json(400, { code: 'TWO' }); json(200, body); other(1, 'THREE'); problem(5, e.code);";
    expect(codesOfAnswers(file(answers))).toEqual(['ONE', 'TWO']);
  });
});
