import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costTables } from './cost-tables.ts';
import { limitsWrittenOn } from './limits.ts';
import { renderBlocks } from './page-blocks.ts';
import { priceRegion, pricesWrittenOn } from './price-list.ts';
import { scaleTables } from './scale-tables.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the pages', () => {
  it.each([
    ['docs/cost.md', costTables],
    ['docs/scale.md', scaleTables],
  ])('%s has the tables that the code makes: npm run cost -- --write-pages', (path, tables) => {
    const page = read(path);
    expect(renderBlocks(page, tables)).toBe(page);
  });

  it('say when and for which region their figures were written down', () => {
    expect(read('docs/cost.md')).toContain(`Written down on ${pricesWrittenOn} for ${priceRegion}.`);
    expect(read('docs/scale.md')).toContain(`Written down on ${limitsWrittenOn};`);
  });
});

describe('renderBlocks', () => {
  it('replaces what is between the marks and keeps the rest', () => {
    const page = 'a\n<!-- table: one -->\nold\n\nolder\n<!-- end -->\nb\n';
    const rendered = 'a\n<!-- table: one -->\n\nnew\n\n<!-- end -->\nb\n';
    expect(renderBlocks(page, { one: () => 'new' })).toBe(rendered);
    expect(renderBlocks(rendered, { one: () => 'new' })).toBe(rendered);
  });

  it('refuses a block without a table, and a table without a block', () => {
    expect(() => renderBlocks('<!-- table: toString -->\n<!-- end -->', {})).toThrow('a block "toString"');
    expect(() => renderBlocks('', { one: () => 'new' })).toThrow('no block for one');
  });
});
