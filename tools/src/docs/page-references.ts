/** What a page points to: other pages, files, npm scripts. Pure; each finding is a sentence. */
import { posix } from 'node:path';
import { anchorsOf, type Page, prose, withoutBlocks } from './pages.ts';

/** What there is to point to. */
export interface Targets {
  /** Every file of the project, from its root. */
  readonly files: readonly string[];
  /** Texts of the Markdown files among them. */
  readonly markdown: ReadonlyMap<string, string>;
  /** Scripts by package name; the root package's under the empty string. */
  readonly scripts: ReadonlyMap<string, ReadonlySet<string>>;
}

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

export function brokenLinks({ path, text }: Page, { files, markdown }: Targets): readonly string[] {
  return [...prose(text).matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const to = posix.join(posix.dirname(path), file);
    if (file !== '' && !exists(to, files)) return [`${path} links to ${target}, which does not exist`];
    const linked = file === '' ? text : (markdown.get(to) ?? '');
    const isThere = anchor === undefined || anchorsOf(linked).includes(anchor);
    return isThere ? [] : [`${path} links to ${target}, which has no such heading`];
  });
}

/** A path below one of our folders, wherever it stands; or a file name alone, in code style, where it is meant as a name. */
const FILE =
  /(?<![\w./-])(?<path>(?:apps|libs|sandbox|tools|perf|infra|docs|\.ci|\.github)\/[\w./-]*[\w-])|`(?<name>[\w-]+(?:\.[\w-]+)*\.(?:ts|mts|mjs|json|go|md))`/g;

/** Made by a build or by a run, and therefore not among the files of the project. */
const MADE = /\/(?:dist|reports)$/;

/** A name alone belongs to the root, or to the package named last before it on the page; before the first, to any. */
export function unknownFiles({ path: page, text }: Page, { files }: Targets): readonly string[] {
  const readable = withoutBlocks(text, 'ts').replaceAll(LINK, ''); // the compiler and `brokenLinks` check those
  let folder = '';
  return [...readable.matchAll(FILE)].flatMap(({ groups }) => {
    const { path, name = '' }: { readonly path?: string; readonly name?: string } = groups ?? {};
    if (path !== undefined) {
      folder = `${path.split('/').slice(0, 2).join('/')}/`;
      return MADE.test(path) || exists(path, files) ? [] : [`${page} names ${path}, which does not exist`];
    }
    if (files.some((file) => file === name || (posix.basename(file) === name && file.startsWith(folder)))) return [];
    return [`${page} names ${name}, which ${folder === '' ? 'does not exist' : `is not in ${folder}`}`];
  });
}

const SCRIPT = /\bnpm (?:run ([\w:-]+)|(start|test)\b)(?:[^\n`]*? -w (@[\w/-]+))?/g;

/** @param home name of the package that the page stands in, whose own scripts it may name too */
export function unknownScripts({ path, text }: Page, { scripts }: Targets, home = ''): readonly string[] {
  return [...text.matchAll(SCRIPT)].flatMap(([, run, short, owner = '']) => {
    const name = run ?? short ?? '';
    if (scripts.get(owner)?.has(name) || (owner === '' && scripts.get(home)?.has(name))) return [];
    return [`${path} names npm run ${name}${owner === '' ? '' : ` -w ${owner}`}, which no package.json has`];
  });
}

const NODE_FILE = /\bnode (?:--[\w-]+ )*(?<file>[\w./-]+\.[cm]?[jt]s)\b/g;

/** `node <file>`: from the root, or from the folder that the page stands in. */
export function unknownNodeFiles({ path, text }: Page, { files }: Targets): readonly string[] {
  return [...text.matchAll(NODE_FILE)].flatMap(({ groups }) => {
    const file = groups?.file ?? '';
    if (exists(file, files) || exists(posix.join(posix.dirname(path), file), files)) return [];
    return [`${path} runs node ${file}, which does not exist`];
  });
}

function exists(path: string, files: readonly string[]): boolean {
  const plain = path.replace(/\/$/, '');
  return files.some((file) => file === plain || file.startsWith(`${plain}/`));
}
