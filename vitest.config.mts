// One configuration for every package: run as `vitest run --config <here> --root <package>`.
import { relative } from 'node:path';
import { validatorsForVite } from '@quartersec/validation/compiler';
import { compileOnce, storeIn } from '@quartersec/validation/compiler/once';
import { defineConfig } from 'vitest/config';

const workspaceRoot = import.meta.dirname;
const project = relative(workspaceRoot, process.cwd());
/** Whose tests change what their process shares: its environment, or modules under their names. Each file has a process of its own. */
const isolated = [
  'apps/dashboard',
  'apps/processor',
  'libs/storage',
  'libs/telemetry',
  'sandbox/journeys',
  'sandbox/system',
];
/** Each package's tests need the same few validators. */
const compiled = storeIn(`${workspaceRoot}/.cache/validators`);
const reports = `${workspaceRoot}/.reports/${project}`;

export default defineConfig({
  plugins: [validatorsForVite(`${workspaceRoot}/libs/validation/tsconfig.json`, compileOnce(compiled))],
  test: {
    include: ['{src,bench,compiler}/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: `${reports}/tests.json` }]],
    isolate: isolated.includes(project),
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
