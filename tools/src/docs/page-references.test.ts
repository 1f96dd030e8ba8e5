import { describe, expect, it } from 'vitest';
import { packageOf, readWorkspace } from '../checks/workspace.ts';
import { workspaceRoot } from '../workspace-root.ts';
import { brokenLinks, type Targets, unknownFiles, unknownNodeFiles, unknownScripts } from './page-references.ts';
import { readPackagePages, readPages } from './pages.ts';

const workspace = readWorkspace(workspaceRoot);
const { files, packages } = workspace;
const targets: Targets = {
  files: files.map(({ path }) => path),
  markdown: new Map(files.filter(({ path }) => path.endsWith('.md')).map(({ path, text }) => [path, text])),
  scripts: new Map(
    packages.map(({ folder, manifest }) => [
      folder === '' ? '' : (manifest.name ?? ''),
      new Set(Object.keys(manifest.scripts ?? {})),
    ]),
  ),
};
const pages = readPages(workspaceRoot);

describe.each(pages.map((page) => [page.path, page] as const))('%s', (_path, page) => {
  it('links to pages and headings that exist', () => {
    expect(brokenLinks(page, targets)).toEqual([]);
  });

  it('names files and folders that exist', () => {
    expect(unknownFiles(page, targets)).toEqual([]);
  });

  it('names npm scripts and files for Node that exist', () => {
    expect([...unknownScripts(page, targets), ...unknownNodeFiles(page, targets)]).toEqual([]);
  });
});

describe.each(readPackagePages(workspaceRoot).map((page) => [page.path, page] as const))('%s', (path, page) => {
  const home = packageOf(workspace, path)?.manifest.name ?? '';

  it('links to pages and headings that exist', () => {
    expect(brokenLinks(page, targets)).toEqual([]);
  });

  it('names npm scripts and files for Node that exist, here or at the root', () => {
    expect([...unknownScripts(page, targets, home), ...unknownNodeFiles(page, targets)]).toEqual([]);
  });
});

describe('a page that is wrong', () => {
  const page = (text: string) => ({ path: 'docs/a.md', text });

  it.each([
    ['[x](b.md)', 'docs/a.md links to b.md, which does not exist'],
    ['[x](../README.md#not-a-heading)', 'docs/a.md links to ../README.md#not-a-heading, which has no such heading'],
    ['[x](#nowhere)', 'docs/a.md links to #nowhere, which has no such heading'],
  ])('is told of the link %s', (text, finding) => {
    expect(brokenLinks(page(text), targets)).toEqual([finding]);
  });

  it('may link to the web, to a folder, to its own headings, and show Markdown in a block', () => {
    const text = '# A & B\n[x](https://example.test) [y](../docs) [z](#a--b)\n```md\n[w](gone.md)\n```\n';
    expect(brokenLinks(page(text), targets)).toEqual([]);
  });

  it('is told of files that are not there', () => {
    const text = '`gone.ts`, `gate.ts`, `libs/sla/src/gone.ts`\n```sh\nnode tools/gone.mjs tools/bootstrap.mjs\n```\n';
    expect(unknownFiles(page(text), targets)).toEqual([
      'docs/a.md names gone.ts, which does not exist',
      'docs/a.md names libs/sla/src/gone.ts, which does not exist',
      'docs/a.md names tools/gone.mjs, which does not exist',
    ]);
  });

  it('is told of a name that is not in the package named before it', () => {
    const text = '`apps/processor/src`: `gate.ts`; `libs/storage`: `gate.ts`, `journal.ts`';
    expect(unknownFiles(page(text), targets)).toEqual(['docs/a.md names gate.ts, which is not in libs/storage/']);
  });

  it('is told of scripts that are not there', () => {
    const text = 'npm start, `npm run gone`, npm run bench -w @quartersec/validation, npm run bench -w @quartersec/sla';
    expect(unknownScripts(page(text), targets)).toEqual([
      'docs/a.md names npm run gone, which no package.json has',
      'docs/a.md names npm run bench -w @quartersec/sla, which no package.json has',
    ]);
  });

  it('may name scripts of its own package, and no other, without saying whose', () => {
    const text = 'npm run bench';
    expect(unknownScripts(page(text), targets, '@quartersec/validation')).toEqual([]);
    expect(unknownScripts(page('npm run typecheck'), targets)).toEqual([
      'docs/a.md names npm run typecheck, which no package.json has',
    ]);
  });

  it('is told of files for Node that are not there', () => {
    const text = 'node tools/bootstrap.mjs, node ../README.ts, `node --test src/gone.ts --port 1`, node -e 1';
    expect(unknownNodeFiles(page(text), targets)).toEqual([
      'docs/a.md runs node ../README.ts, which does not exist',
      'docs/a.md runs node src/gone.ts, which does not exist',
    ]);
  });
});
