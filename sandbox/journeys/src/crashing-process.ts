/** The `process` function as it is deployed, but killed once, right after the step that CRASH_AFTER names. */
import { existsSync, writeFileSync } from 'node:fs';
import { composeProcess, createProcessHandler, handlerLimits, readProcessEnvironment } from '@quartersec/processor';

const { CRASH_AFTER = '', CRASH_MARKER = '' } = process.env;
const deps = await composeProcess(readProcessEnvironment(process.env), process.env);

export const handler = createProcessHandler(
  {
    ...deps,
    maxPagesPerRun: 2,
    afterStep(step) {
      if (step !== CRASH_AFTER || existsSync(CRASH_MARKER)) return;
      writeFileSync(CRASH_MARKER, step);
      process.kill(process.pid, 'SIGKILL');
    },
  },
  handlerLimits,
);
