// One configuration for every package: run as `vitest run --config <here> --root <package>`.
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { validatorsForVite } from '@quartersec/validation/compiler';
import { compileOnce, storeIn } from '@quartersec/validation/compiler/once';
import { defineConfig } from 'vitest/config';

const workspaceRoot = import.meta.dirname;
const project = relative(workspaceRoot, process.cwd());
const include = ['{src,bench,compiler}/**/*.test.ts'];
/** Changes what its process shares: its environment, its clock, or modules under their names. */
const changesProcess =
  /\bvi\.(mock|doMock|stubEnv|stubGlobal|resetModules|useFakeTimers|setSystemTime|spyOn)\b|\bprocess\.env(\.\w+|\[[^\]]+\])\s*=[^=]/;
/** These have a process each. The others share: in a process of its own, each would load the same packages again. */
const apart = globSync(include, { exclude: ['**/node_modules/**'] }).filter((file) =>
  changesProcess.test(readFileSync(file, 'utf8')),
);
/** What a project adds to the lists of the whole: so the whole has none beside projects. */
const which =
  apart.length === 0
    ? { include }
    : {
        projects: [
          { extends: true, test: { name: 'together', include, exclude: apart } },
          { extends: true, test: { name: 'alone', include: apart, isolate: true } },
        ],
      };
/** Each package's tests need the same few validators. */
const compiled = storeIn(`${workspaceRoot}/.cache/validators`);
const reports = `${workspaceRoot}/.reports/${project}`;

export default defineConfig({
  plugins: [validatorsForVite(`${workspaceRoot}/libs/validation/tsconfig.json`, compileOnce(compiled))],
  test: {
    ...which,
    reporters: ['default', ['json', { outputFile: `${reports}/tests.json` }]],
    isolate: false,
    // Against tests that hang, and nothing else: what is slow on a busy machine must still pass.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      enabled: /^(apps|libs)\//.test(project),
      provider: 'v8',
      include: ['src/**/*.ts'],
      // typia expands in place: its generated branches would be counted in the one file that calls it.
      // The scripts of the board's pages run in Chromium, where `*-browser.test.ts` beside them test them; v8 sees nothing of that.
      exclude: [
        'src/**/*.test.ts',
        'src/**/*.contract.ts',
        'src/testing/**',
        'src/plaid/**/validators.ts',
        'src/berlin-group/validators.ts',
        'src/openbanking-uk/validators.ts',
        'src/api/**/validators.ts',
        'src/board/browser/**',
        'src/user-page/browser/**',
      ],
      reportsDirectory: `${reports}/coverage`,
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90, branches: 90 },
    },
  },
});
