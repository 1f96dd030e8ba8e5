import { describe, expect, it } from 'vitest';
import { importDirections } from './import-directions.ts';
import { plant } from './planted.ts';

const findings = (path: string, target: string) =>
  plant(importDirections, { [path]: `import { x } from '${target}';` });

describe('import directions', () => {
  it.each([
    ['libs/validation', 'sla'],
    ['libs/sla', 'validation'],
    ['libs/telemetry', 'validation'],
    ['libs/insights', 'sla'],
    ['libs/providers', 'storage'],
    ['libs/storage', 'providers'],
    ['libs/storage', 'sandbox-dax'],
    ['libs/storage', 'processor'],
    ['apps/processor', 'sandbox-system'],
    ['apps/processor', 'dashboard'],
    ['apps/dashboard', 'storage'],
    ['sandbox/dax', 'storage'],
    ['sandbox/dax', 'sandbox-system'],
    ['sandbox/cloudwatch', 'telemetry'],
    ['sandbox/system', 'dashboard'],
    ['sandbox/system', 'telemetry'],
    ['perf', 'sandbox-system'],
    ['infra', 'processor'],
    ['tools', 'sla'],
    ['libs/sla', 'tools'],
  ])('refuses %s importing %s', (from, to) => {
    expect(findings(`${from}/src/a.ts`, `@quartersec/${to}`)).toHaveLength(1);
  });

  it.each([
    ['libs/telemetry', 'sla'],
    ['libs/insights', 'validation'],
    ['libs/providers', 'telemetry'],
    ['libs/storage', 'validation'],
    ['apps/processor', 'providers'],
    ['apps/processor', 'storage'],
    ['sandbox/cloudwatch', 'sla'],
    ['sandbox/system', 'sandbox-dax'],
    ['sandbox/system', 'storage'],
    ['sandbox/system', 'processor'],
    ['sandbox/journeys', 'processor'],
    ['perf', 'sla'],
    ['infra', 'sla'],
  ])('allows %s importing %s', (from, to) => {
    expect(findings(`${from}/src/a.ts`, `@quartersec/${to}`)).toEqual([]);
  });

  it('lets a test use the sandbox, but not what its package may never know', () => {
    expect(findings('libs/storage/src/a.test.ts', '@quartersec/sandbox-dax')).toEqual([]);
    expect(findings('sandbox/dax/src/a.test.ts', '@quartersec/storage')).toHaveLength(1);
  });

  it("lets infra's tests compare with the storage library, and no other part of it", () => {
    expect(findings('infra/src/a.test.ts', '@quartersec/storage')).toEqual([]);
    expect(findings('infra/src/a.ts', '@quartersec/storage')).toHaveLength(1);
    expect(findings('perf/src/a.test.ts', '@quartersec/storage')).toHaveLength(1);
  });

  it('refuses a path into another project and names file and line', () => {
    const text = "import { a } from './b.ts';\nimport { x } from '../../sla/src/index.ts';";
    expect(plant(importDirections, { 'libs/storage/src/a.ts': text })).toEqual([
      {
        path: 'libs/storage/src/a.ts',
        line: 2,
        message: 'leaves its project by the path ../../sla/src/index.ts: import the other project by its package name',
      },
    ]);
  });

  it.each(['@quartersec/providers/src/connector.ts', '@quartersec/providers/retry'])(
    'refuses %s, which is not exported',
    (specifier) => {
      expect(findings('apps/processor/src/a.ts', specifier)).toHaveLength(1);
    },
  );

  it('allows a subpath that is exported', () => {
    expect(findings('apps/processor/src/a.ts', '@quartersec/providers/contract')).toEqual([]);
  });

  it.each([
    "export { x } from '@quartersec/storage';",
    "const x = await import('@quartersec/storage');",
    "import type { X } from '@quartersec/storage';",
    "type X = import('@quartersec/storage').X;",
    "import '@quartersec/storage';",
  ])('sees %s', (text) => {
    expect(plant(importDirections, { 'libs/providers/src/a.ts': text })).toHaveLength(1);
  });
});
