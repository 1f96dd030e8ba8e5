/** Every package can be linted, typed and tested alone, and gets the same dependencies everywhere. */
import type { Check, Package, Violation, Workspace } from './workspace.ts';

const SCRIPTS = ['lint', 'typecheck', 'test'];
/** Also under another name. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const FOLDERS = /^(?:(?:apps|libs|sandbox)\/[^/]+|infra|perf|tools)$/;

const isOurs = ({ folder }: Package) => folder === '' || FOLDERS.test(folder);

function faultsOf({ folder, manifest }: Package): readonly string[] {
  const missing = folder === '' ? [] : SCRIPTS.filter((script) => manifest.scripts?.[script] === undefined);
  const sections = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  const loose = sections
    .flatMap((section) => Object.entries(section ?? {}))
    .filter(([, version]) => !EXACT.test(version));
  const names =
    folder === '' || manifest.name?.startsWith('@quartersec/') === true ? [] : ['is not called @quartersec/<name>'];
  return [
    ...names,
    ...missing.map((script) => `has no script ${script}`),
    ...loose.map(([name, version]) => `takes ${name} at ${version}: give the exact version`),
  ];
}

export function findManifestFaults(workspace: Workspace): readonly Violation[] {
  return workspace.packages.filter(isOurs).flatMap((one) =>
    faultsOf(one).map((message) => ({
      path: one.folder === '' ? 'package.json' : `${one.folder}/package.json`,
      message,
    })),
  );
}

export const packageManifests: Check = {
  name: 'every package has its scripts and exact versions',
  find: findManifestFaults,
};
