/** `npm run bench -- <name>`: the micro benchmarks. Each measures, prints a table and writes a report. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { callOf, exitCodeOf } from '@quartersec/command-line';
import { benches, benchUsage } from './bench-catalogue.ts';

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name as keyof typeof benches] : undefined;

if (bench === undefined) {
  const isAsked = name === '' || name === '--help';
  (isAsked ? process.stdout : process.stderr).write(
    isAsked
      ? benchUsage
      : `bench: there is no bench ${name}: there are ${Object.keys(benches).join(', ')}; ${callOf('bench')} -- <name> [options]\n`,
  );
  process.exitCode = isAsked ? 0 : 2;
} else {
  // A process of its own: what one bench loads is not in the way of another.
  const script = fileURLToPath(new URL(bench.script, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
  // It has things to stop, so it is waited for.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  process.exitCode = signal === null ? (code ?? 1) : exitCodeOf(signal);
}
