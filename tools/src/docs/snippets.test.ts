import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { blocksOf, readPages } from './pages.ts';
import { typeCheck } from './snippets.ts';

const blocks = readPages(workspaceRoot).flatMap(({ path, text }) =>
  blocksOf(text, 'ts').map((block) => ({ path, block, file: /^\/\/ (\S+\.ts)\n/.exec(block)?.[1] })),
);

const connector = 'libs/providers/src/connector.ts';
const original = readFileSync(join(workspaceRoot, connector), 'utf8');
/** The first step of docs/add-a-provider.md, taken. */
const named = original.replace(/(export type ProviderName = [^;]+);/, "$1 | 'examplebank';");

describe('TypeScript on the pages', () => {
  it('says in which file it belongs', () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.filter(({ file }) => file === undefined)).toEqual([]);
  });

  it('compiles there', () => {
    expect(named).not.toBe(original);
    const snippets = new Map(blocks.map(({ file = '', block }) => [file, block]));
    expect(typeCheck(workspaceRoot, new Map([[connector, named], ...snippets]))).toEqual([]);
  });

  it('would be refused if it did not', () => {
    const planted = "import { createDeadline } from '@quartersec/sla';\ncreateDeadline('soon');\n";
    expect(typeCheck(workspaceRoot, new Map([['libs/storage/src/planted.ts', planted]]))).toEqual([
      'libs/storage/src/planted.ts:2 Expected 2 arguments, but got 1.',
    ]);
  });
});
