/** `npm run perf`: the SLA as a gate. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitCodeOf, runCommand } from '@quartersec/command-line';
import { alertMarkdown, writeAlertReport } from './alert/alert-report.ts';
import { measureAlert } from './alert/measure-alert.ts';
import { command as commandLine, readCommand } from './command-line.ts';
import { measureScenario } from './measure-scenario.ts';
import { withBench } from './open-bench.ts';
import { createProgress } from './progress.ts';
import { measureRedRuns } from './red-runs.ts';
import { reportMarkdown } from './report/markdown.ts';
import { writeReport } from './report/write-report.ts';
import { failedGateExitCode } from './verdict.ts';
import { withWorkplace } from './workplace.ts';

const progress = createProgress(process.stdout, () => performance.now());

await runCommand(commandLine, () => main().finally(progress.done));

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  if (command.what === 'red') {
    const { text, passed } = await withBench(progress.step, (bench) => measureRedRuns(command, bench));
    progress.done();
    process.stdout.write(`\n${text}\n`);
    process.exitCode = passed ? 0 : failedGateExitCode;
    return;
  }
  if (command.what === 'alert') {
    const mustBeComplete = process.env.CI === 'true';
    const alert = await withWorkplace(progress.step, (place) => measureAlert(command.runs, mustBeComplete, place));
    progress.done();
    const { jsonPath, markdownPath } = writeAlertReport(alert);
    conclude(alertMarkdown(alert), [jsonPath, markdownPath], alert.verdict);
    return;
  }
  if (command.what === 'cache') {
    process.exitCode = await runCacheGate();
    return;
  }
  const report = await withBench(progress.step, (bench) => measureScenario(command, bench));
  progress.done();
  const { htmlPath, jsonPath, markdownPath } = writeReport(report);
  conclude(reportMarkdown(report), [htmlPath, jsonPath, markdownPath], report.verdict);
}

/** It compares two ways of reading and loads nothing, so it is one of the benches. @returns its exit code */
async function runCacheGate(): Promise<number> {
  const script = fileURLToPath(new URL('../bench/main.ts', import.meta.url));
  const child = spawn(process.execPath, [script, 'dax', '--gate'], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal === null ? (code ?? 1) : exitCodeOf(signal);
}

function conclude(
  markdown: string,
  files: readonly string[],
  { passed, because }: { readonly passed: boolean; readonly because: string },
): void {
  process.stdout.write(`\n${markdown}\nReport: ${files.join('\n        ')}\n`);
  process.stdout.write(`\n${passed ? 'PASSED' : 'FAILED'}: ${because}\n`);
  if (!passed) process.exitCode = failedGateExitCode;
}
