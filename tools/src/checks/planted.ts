/** For the checks' tests: a small workspace with one thing wrong in it. */
import { type Check, type Violation, workspaceOf } from './workspace.ts';

const manifest = (name: string, rest: object = {}) =>
  JSON.stringify({
    name: `@quartersec/${name}`,
    exports: { '.': './src/index.ts' },
    scripts: { lint: 'l', typecheck: 't', test: 'v' },
    ...rest,
  });

const SOUND: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'quartersec',
    devDependencies: { vitest: '5.1.1', '@types/aws-lambda': '8.10.164' },
  }),
  'libs/sla/package.json': manifest('sla'),
  'libs/validation/package.json': manifest('validation'),
  'libs/telemetry/package.json': manifest('telemetry'),
  'libs/insights/package.json': manifest('insights'),
  'libs/providers/package.json': manifest('providers', {
    exports: { '.': './src/index.ts', './contract': './src/connector.contract.ts' },
  }),
  'libs/storage/package.json': manifest('storage', { dependencies: { '@quartersec/sla': '0.1.0', got: '16.0.0' } }),
  'apps/processor/package.json': manifest('processor'),
  'apps/dashboard/package.json': manifest('dashboard'),
  'sandbox/cloudwatch/package.json': manifest('sandbox-cloudwatch'),
  'sandbox/dax/package.json': manifest('sandbox-dax'),
  'sandbox/system/package.json': manifest('sandbox-system'),
  'sandbox/journeys/package.json': manifest('sandbox-journeys'),
  'perf/package.json': manifest('perf', { devDependencies: { '@types/k6': '1.8.0' } }),
  'infra/package.json': manifest('infra'),
  'tools/package.json': manifest('tools'),
};

/** What the check finds once `files` are added to a sound workspace (or replace files of it). */
export function plant(check: Check, files: Readonly<Record<string, string>>): readonly Violation[] {
  const all = Object.entries({ ...SOUND, ...files });
  return check.find(workspaceOf(all.map(([path, text]) => ({ path, text }))));
}
