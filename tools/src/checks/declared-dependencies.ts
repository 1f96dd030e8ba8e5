/** What a package imports stands in its own package.json: only then does `nx affected` see the edge, and a bundle its needs. */
import { builtinModules } from 'node:module';
import { type Import, importsOf, packageName } from './syntax.ts';
import {
  type Check,
  isFixture,
  isSource,
  isTest,
  type Manifest,
  packageOf,
  type Violation,
  type Workspace,
} from './workspace.ts';

const declares = (manifest: Manifest, name: string) =>
  [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies, manifest.optionalDependencies].some(
    (section) => section?.[name] !== undefined,
  );

const typesOf = (name: string) => `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;

/** k6 has its modules built in; only their types are installed. */
const BUILT_INTO_RUNNERS = new Set(['k6']);

function isDeclared(own: Manifest, root: Manifest, name: string, used: Import, inTest: boolean): boolean {
  if (own.name === name || declares(own, name)) return true;
  if (
    (used.typeOnly || BUILT_INTO_RUNNERS.has(name)) &&
    (declares(own, typesOf(name)) || declares(root, typesOf(name)))
  )
    return true;
  // The test runner and its kin are the workspace's, not each package's.
  return inTest && declares(root, name);
}

export function findUndeclared(workspace: Workspace): readonly Violation[] {
  const root = workspace.packages.find(({ folder }) => folder === '')?.manifest ?? {};
  return workspace.files
    .filter(({ path }) => isSource(path) && !isFixture(path))
    .flatMap((file) => {
      const own = packageOf(workspace, file.path);
      if (own === undefined) return [];
      return importsOf(file).flatMap((used) => {
        const name = packageName(used.specifier);
        if (name === undefined || builtinModules.includes(name)) return [];
        if (isDeclared(own.manifest, root, name, used, isTest(file.path))) return [];
        const message = `imports ${name}, which ${own.folder === '' ? '' : `${own.folder}/`}package.json does not declare`;
        return [{ path: file.path, line: used.line, message }];
      });
    });
}

export const declaredDependencies: Check = { name: 'every imported package is declared', find: findUndeclared };
