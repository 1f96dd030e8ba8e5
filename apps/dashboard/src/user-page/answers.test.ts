/** Holds the page's types to the API's document: compiled with types that are made from it, a difference is an error of the compiler. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('./', import.meta.url));
const document = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
const answersText = readFileSync(new URL('./answers.ts', import.meta.url), 'utf8');
const madePath = `${here}made-of-the-document.ts`;
const heldPath = `${here}held-to-the-document.ts`;
const answersPath = `${here}answers.ts`;

/** Whatever the API answers, the page's type describes; and of what only the user can do the page has words for all, and for nothing else. */
const held = `
import type { Answers } from './answers.ts';
import type { components, paths } from './made-of-the-document.ts';
import type { actionWords } from './page-state.ts';

type Reply<Path extends keyof paths> =
  paths[Path]['get'] extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Held<Page, Answer extends Page> = [Answer] extends [never] ? { none: Page } : true;

type Action = Exclude<components['schemas']['UserAction'], 'none'>;
export const all: { [Path in keyof Answers]: true } = {
${['connections', 'accounts', 'insights', 'recommendations', 'forecast', 'transactions', 'changes']
  .map((name) => `  '/${name}': true satisfies Held<Answers['/${name}'], Reply<'/v1/${name}'>>,`)
  .join('\n')}
};
export const words: Held<keyof typeof actionWords, Action> = true;
export const actions: Held<Action, keyof typeof actionWords> = true;
`;

let options: ts.CompilerOptions;
let madeText: string;
/** What does not change from one to the next is read and parsed once. */
let lastProgram: ts.Program | undefined;
const parsed = new Map<string, ts.SourceFile | undefined>();

beforeAll(async () => {
  const config = ts.readConfigFile(fileURLToPath(new URL('../../tsconfig.json', import.meta.url)), ts.sys.readFile);
  options = ts.parseJsonConfigFileContent(
    config.config,
    ts.sys,
    fileURLToPath(new URL('../../', import.meta.url)),
  ).options;
  madeText = astToString(await openapiTypes(document));
});

/** @returns what the compiler says of the three files; each text may be another than the one that is there */
function errorsOf(made: string, answers = answersText): string[] {
  const texts = new Map([
    [madePath, made],
    [heldPath, held],
    [answersPath, answers],
  ]);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.readFile = (path) => texts.get(path) ?? readFile.call(host, path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
    if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([heldPath], { ...options, noEmit: true }, host, lastProgram);
  lastProgram = program;
  return [heldPath, answersPath].flatMap((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

describe('what the page takes the API to answer', { timeout: 60_000 }, () => {
  it('is what the document says', () => {
    expect(errorsOf(madeText)).toEqual([]);
  });

  it.each([
    ['a member that the API gives another type', 'readonly readEpochMs: number;', 'readonly readEpochMs: string;'],
    [
      'a member that the API does not have',
      'readonly code: string;',
      'readonly code: string; readonly reason: string;',
    ],
    ['one that may be null', 'readonly syncedEpochMs: number | null;', 'readonly syncedEpochMs: number;'],
    [
      'fewer words than the API has',
      "readonly history: 'none' | 'recent' | 'complete';",
      "readonly history: 'complete';",
    ],
    ['a route that is none', "readonly '/forecast':", "readonly '/forecasts':"],
  ])('is refused for %s', (_, right, wrong) => {
    expect(answersText).toContain(right);
    expect(errorsOf(madeText, answersText.replace(right, wrong))).not.toEqual([]);
  });

  it.each([
    ['confidencePercent', 'surePercent'],
    ['benefitMinor', 'worthMinor'],
    ['merchantName', 'shopName'],
    ['nextIncomeDate', 'incomeDate'],
  ])('is refused where the API says %s no more', (right, wrong) => {
    expect(madeText).toContain(right);
    expect(errorsOf(madeText.replaceAll(right, wrong))).not.toEqual([]);
  });
});
