/** `npm run perf`: the SLA as a gate. */
import { readCommand, usage } from './command-line.ts';
import { measureScenario } from './measure-scenario.ts';
import { withBench } from './open-bench.ts';
import { createProgress } from './progress.ts';
import { measureRedRuns } from './red-runs.ts';
import { reportMarkdown } from './report/markdown.ts';
import { writeReport } from './report/write-report.ts';
import { failedGateExitCode } from './verdict.ts';

const progress = createProgress(process.stdout, () => performance.now());

try {
  await main();
} catch (error) {
  progress.done();
  process.stderr.write(`perf: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  if (command.what === 'help') {
    process.stdout.write(usage);
    return;
  }
  if (command.what === 'red') {
    const { text, passed } = await withBench(progress.step, (bench) => measureRedRuns(command, bench));
    progress.done();
    process.stdout.write(`\n${text}\n`);
    process.exitCode = passed ? 0 : failedGateExitCode;
    return;
  }
  const report = await withBench(progress.step, (bench) => measureScenario(command, bench));
  progress.done();
  const { htmlPath, jsonPath, markdownPath } = writeReport(report);
  process.stdout.write(
    `\n${reportMarkdown(report)}\nReport: ${htmlPath}\n        ${jsonPath}\n        ${markdownPath}\n`,
  );
  process.stdout.write(`\n${report.verdict.passed ? 'PASSED' : 'FAILED'}: ${report.verdict.because}\n`);
  if (!report.verdict.passed) process.exitCode = failedGateExitCode;
}
