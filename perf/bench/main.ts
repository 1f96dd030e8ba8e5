/** `npm run bench -- <name>`: the micro benchmarks. Each measures, prints a table and writes a report. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { benches, benchUsage } from './bench-catalogue.ts';

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name as keyof typeof benches] : undefined;

if (bench === undefined) {
  const isAsked = name === '' || name === '--help';
  (isAsked ? process.stdout : process.stderr).write(
    isAsked ? benchUsage : `there is no bench ${name}\n\n${benchUsage}`,
  );
  process.exitCode = isAsked ? 0 : 1;
} else {
  // A process of its own: what one bench loads is not in the way of another.
  const script = fileURLToPath(new URL(bench.script, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
  // It has things to stop, so it is waited for.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
}
