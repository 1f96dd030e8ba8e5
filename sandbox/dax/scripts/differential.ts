/** `npm run differential`: random operations of every client, through the node and directly. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { operations: { type: 'string', default: '10000' }, seed: { type: 'string' }, endpoint: { type: 'string' } },
});
const root = join(import.meta.dirname, '..');
const files = ['src/differential.test.ts', 'src/interop-java.test.ts', 'src/interop-python.test.ts'];
const options = ['--config', '../../vitest.config.mts', '--root', '.', '--testNamePattern', 'random operations'];
const { status } = spawnSync('vitest', ['run', ...options, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    DAX_DIFFERENTIAL_OPERATIONS: values.operations,
    ...(values.seed !== undefined && { DAX_DIFFERENTIAL_SEED: values.seed }),
    ...(values.endpoint !== undefined && { DYNOXIDE_URL: values.endpoint }),
  },
});
process.exitCode = status ?? 1;
