import { describe, expect, it } from 'vitest';
import { declaredDependencies } from './declared-dependencies.ts';
import { plant } from './planted.ts';

const findings = (path: string, text: string) => plant(declaredDependencies, { [path]: text });

describe('declared dependencies', () => {
  it('refuses an import that no package.json declares, ours or not', () => {
    expect(
      findings('libs/storage/src/a.ts', "import { x } from '@quartersec/validation';\nimport ky from 'ky';"),
    ).toEqual([
      {
        path: 'libs/storage/src/a.ts',
        line: 1,
        message: 'imports @quartersec/validation, which libs/storage/package.json does not declare',
      },
      {
        path: 'libs/storage/src/a.ts',
        line: 2,
        message: 'imports ky, which libs/storage/package.json does not declare',
      },
    ]);
  });

  it.each([
    "import got from 'got';",
    "import x from 'got/dist/source/x.js';",
    "import { readFileSync } from 'node:fs';",
    "import { x } from './x.ts';",
  ])('allows %s', (text) => {
    expect(findings('libs/storage/src/a.ts', text)).toEqual([]);
  });

  it("lets tests and contract suites use the workspace's own packages, and nothing else", () => {
    const text = "import { it } from 'vitest';";
    expect(findings('libs/storage/src/a.test.ts', text)).toEqual([]);
    expect(findings('libs/storage/src/store.contract.ts', text)).toEqual([]);
    expect(findings('libs/storage/src/a.ts', text)).toHaveLength(1);
  });

  it('counts the journeys and the folders testing among the tests, and leaves fixtures alone', () => {
    const text = "import { expect } from 'vitest';";
    expect(findings('sandbox/journeys/src/journey.ts', text)).toEqual([]);
    expect(findings('sandbox/dax/src/testing/random-operations.ts', text)).toEqual([]);
    expect(findings('sandbox/dax/src/testing/random-operations.ts', "import x from 'unknown';")).toHaveLength(1);
    expect(findings('sandbox/dax/src/fixtures/broken.mjs', "import 'not-installed';")).toEqual([]);
  });

  it('takes the types package for an import of types only', () => {
    expect(findings('libs/storage/src/a.ts', "import type { SQSEvent } from 'aws-lambda';")).toEqual([]);
    expect(findings('libs/storage/src/a.ts', "import { type SQSEvent } from 'aws-lambda';")).toEqual([]);
    expect(findings('libs/storage/src/a.ts', "import { SQSEvent } from 'aws-lambda';")).toHaveLength(1);
  });

  it('knows that k6 brings its own modules', () => {
    expect(findings('perf/src/a.ts', "import http from 'k6/http';")).toEqual([]);
  });
});
