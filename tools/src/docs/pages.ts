/** The pages that people read: Markdown at the root and under docs. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Page {
  /** From the workspace root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function readPages(root: string): readonly Page[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** What stands beside a package's own files, for people who use it alone. */
export function readPackagePages(root: string): readonly Page[] {
  return globSync(['{apps,libs,sandbox}/*/*.md', '{infra,perf,tools}/**/*.md'], {
    cwd: root,
    exclude: (path) => /(?:^|\/)(?:node_modules|dist|reports)(?:\/|$)/.test(path),
  })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The page without its fenced blocks, whose content is no Markdown. */
export const prose = (text: string): string => text.replace(FENCE, '');

export const withoutBlocks = (text: string, language: string): string =>
  text.replace(FENCE, (block, found: string) => (found === language ? '' : block));

/** Fenced blocks of one language. */
export const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(FENCE)].filter(([, found]) => found === language).map(([, , body = '']) => body);

/** Heading to anchor, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

export const anchorsOf = (text: string): readonly string[] =>
  [...prose(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** The rows of the first table below a heading, header and rule left out, each as its cells. */
export function tableBelow(text: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = text.split(new RegExp(`^#{1,6} ${heading}$`, 'm'));
  const lines = section.slice(0, /^#{1,6} /m.exec(section)?.index).split('\n');
  const first = lines.findIndex((line) => line.startsWith('| '));
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  if (first === -1) return [];
  return lines.slice(first + 2, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
