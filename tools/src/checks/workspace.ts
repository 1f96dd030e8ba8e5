/** What the checks look at: every file of the project that git tracks or would track, and the packages among them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TextFile {
  /** From the workspace root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The parts of a package.json that the checks read. */
export interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: string | Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** From the workspace root: `libs/sla`; the root itself is the empty string. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Workspace {
  readonly files: readonly TextFile[];
  readonly packages: readonly Package[];
}

export interface Violation {
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  readonly message: string;
}

export interface Check {
  /** A sentence that is true when nothing was found. */
  readonly name: string;
  readonly find: (workspace: Workspace) => readonly Violation[];
}

const MANIFEST = /^(?:(.+)\/)?package\.json$/;
const BINARY = /\.(?:png|jpg|jpeg|gif|ico|woff2?|gz|zip|jar|wasm|db)$/;

/** Packages are found by their package.json, so a new one is checked from its first day. */
export function workspaceOf(files: readonly TextFile[]): Workspace {
  const packages = files.flatMap(({ path, text }) => {
    const match = MANIFEST.exec(path);
    return match === null ? [] : [{ folder: match[1] ?? '', manifest: JSON.parse(text) as Manifest }];
  });
  return { files, packages };
}

/** The innermost package that holds the path; the root package holds what no other does. */
export function packageOf(workspace: Workspace, path: string): Package | undefined {
  return workspace.packages
    .filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
    .reduce<Package | undefined>(
      (best, next) => (best === undefined || next.folder.length > best.folder.length ? next : best),
      undefined,
    );
}

const TEST_FILE = /\.(?:test|contract)\.[cm]?tsx?$|\/(?:testing|fixtures)\/|^sandbox\/journeys\//;

/** Tests, what only tests use, and the contract suites that tests of several packages run. */
export const isTest = (path: string): boolean => TEST_FILE.test(path);

/** What a test feeds to the product: may be wrong on purpose. */
export const isFixture = (path: string): boolean => path.includes('/fixtures/');

export const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.d.ts');

/**
 * Files as they are on disk, untracked ones too, so that a violation shows before it is committed.
 * @throws {Error} when `root` is no git checkout
 */
export function readWorkspace(root: string): Workspace {
  const asked = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (asked.error !== undefined) throw asked.error;
  if (asked.status !== 0)
    throw new Error(
      `git does not list the files (${asked.stderr.trim().split('\n')[0]}): work in a clone made with git clone, as an unpacked archive has no list`,
    );
  const paths = [...new Set(asked.stdout.split('\0'))].filter(
    (path) => path !== '' && !BINARY.test(path) && existsSync(join(root, path)),
  );
  return workspaceOf(paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
}
