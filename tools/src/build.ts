/** `npm run build`: the artefacts of every package, by Nx, whose cache answers for what did not change. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitCodeOf, runCommand } from '@quartersec/command-line';
import { workspaceRoot } from './workspace-root.ts';

const usage = `usage: npm run build [-- --projects names] [--skip-nx-cache]
Builds every package that has something to build. Exit code 0 when all were built.

  --projects <names>  only these packages, e.g. "@quartersec/processor"
  --skip-nx-cache     build everything again
`;

const options = { projects: { type: 'string' }, 'skip-nx-cache': { type: 'boolean', default: false } } as const;

await runCommand({ name: 'build', usage, options }, async ({ values }) => {
  const nx = spawn(
    'nx',
    [
      'run-many',
      '-t',
      'build',
      ...(values.projects === undefined ? [] : [`--projects=${values.projects}`]),
      ...(values['skip-nx-cache'] ? ['--skipNxCache'] : []),
    ],
    { cwd: workspaceRoot, stdio: 'inherit' },
  );
  // It has things to stop, so it is waited for.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => nx.kill(signal));
  const [code, signal] = (await once(nx, 'exit')) as [number | null, NodeJS.Signals | null];
  process.exitCode = signal === null ? (code ?? 1) : exitCodeOf(signal);
});
