/** Imports point one way (DESIGN section 2): who may import whom, by package name, never by a path into another's src. */
import { posix } from 'node:path';
import { importsOf, packageName } from './syntax.ts';
import {
  type Check,
  isSource,
  isTest,
  type Package,
  packageOf,
  type TextFile,
  type Violation,
  type Workspace,
} from './workspace.ts';

/** Folder or folder prefix (ending in `/`) to the folders and prefixes it may import; the first match decides. */
const MAY_IMPORT: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['libs/validation', []],
  ['libs/sla', []],
  ['libs/http', []],
  ['libs/aws', ['libs/http', 'libs/sla']],
  ['libs/command-line', []],
  ['libs/telemetry', ['libs/sla']],
  ['libs/insights', ['libs/validation']],
  ['libs/providers', ['libs/command-line', 'libs/http', 'libs/validation', 'libs/sla', 'libs/telemetry']],
  ['libs/storage', ['libs/aws', 'libs/validation', 'libs/sla', 'libs/telemetry']],
  ['apps/processor', ['libs/']],
  ['apps/dashboard', ['libs/command-line', 'libs/insights', 'libs/sla', 'libs/validation']],
  // Its audit reads from a provider: the one command that needs both sides. It is no stand-in for one. It runs the functions, and
  // has the API's routes from them.
  [
    'sandbox/system',
    [
      'apps/processor',
      'sandbox/',
      'libs/aws',
      'libs/command-line',
      'libs/providers',
      'libs/sla',
      'libs/storage',
      'libs/validation',
    ],
  ],
  // It imitates CloudWatch and Prometheus, not the SLA: names, units and buckets have their one home there.
  ['sandbox/cloudwatch', ['libs/sla']],
  ['sandbox/simulation', ['apps/', 'libs/', 'sandbox/providers']],
  ['sandbox/journeys', ['apps/', 'infra', 'libs/', 'perf', 'sandbox/']],
  // A stand-in that imported the client it imitates would agree with its mistakes.
  ['sandbox/', []],
  ['perf', ['libs/command-line', 'libs/http', 'libs/sla']],
  ['infra', ['libs/command-line', 'libs/sla']],
  ['tools', ['libs/command-line']],
];

/** What a test may import besides what its package may. */
const TESTS_MAY_ALSO_IMPORT = ['apps/', 'infra', 'perf', 'sandbox/'];

/** What the tests of one package alone may import besides. */
const TESTS_OF_PACKAGE_MAY_ALSO_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // The template repeats the table's shape, because a CDK app that loads the SDK's clients is slow; a test holds the two equal.
  infra: ['libs/http', 'libs/storage'],
  // Certificates, which are made with openssl for all tests.
  'sandbox/providers': ['libs/http'],
};

const matches = (folder: string, rule: string) => (rule.endsWith('/') ? folder.startsWith(rule) : folder === rule);

function mayImport(from: string, to: string, inTest: boolean): boolean {
  const allowed = MAY_IMPORT.find(([rule]) => matches(from, rule))?.[1] ?? [];
  const inTests = [...TESTS_MAY_ALSO_IMPORT, ...(TESTS_OF_PACKAGE_MAY_ALSO_IMPORT[from] ?? [])];
  return [...allowed, ...(inTest ? inTests : [])].some((rule) => matches(to, rule));
}

function isExported(target: Package, specifier: string): boolean {
  const subpath = `.${specifier.slice((target.manifest.name ?? '').length)}`;
  if (/(?:^|\/)src(?:\/|$)/.test(subpath)) return false;
  if (subpath === '.') return true;
  const { exports } = target.manifest;
  return typeof exports === 'object' && Object.keys(exports).some((key) => key === subpath);
}

function judge(workspace: Workspace, file: TextFile, specifier: string): string | undefined {
  const own = packageOf(workspace, file.path);
  if (own === undefined || own.folder === '') return undefined;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), specifier);
    if (target.startsWith(`${own.folder}/`)) return undefined;
    return `leaves its project by the path ${specifier}: import the other project by its package name`;
  }
  const target = workspace.packages.find(({ manifest }) => manifest.name === packageName(specifier));
  if (target === undefined || target === own) return undefined;
  if (!mayImport(own.folder, target.folder, isTest(file.path)))
    return `${own.folder} may not import ${target.folder} (${specifier})`;
  if (!isExported(target, specifier)) return `${specifier} is not among the exports of ${target.folder}/package.json`;
  return undefined;
}

export function findWrongDirections(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => isSource(path))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const message = judge(workspace, file, specifier);
        return message === undefined ? [] : [{ path: file.path, line, message }];
      }),
    );
}

export const importDirections: Check = { name: 'imports point one way, by package name', find: findWrongDirections };
