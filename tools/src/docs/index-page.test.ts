/** docs/README.md leads to every page under docs. */
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { readPages } from './pages.ts';

describe('docs/README.md', () => {
  it('has every page of its folder', () => {
    const pages = readPages(workspaceRoot).filter(({ path }) => /^docs\/[\w-]+\.md$/.test(path));
    const index = pages.find(({ path }) => path === 'docs/README.md')?.text ?? '';
    const listed = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => `docs/${file}`);
    expect(listed.toSorted()).toEqual(pages.map(({ path }) => path).filter((path) => path !== 'docs/README.md'));
  });
});
