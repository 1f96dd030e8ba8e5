/** One line for each project: its tests and, where it is measured, its coverage against the gate. */
import {
  type Counts,
  type CoverageSummary,
  countTests,
  coveredPercent,
  NOTHING,
  renderCounts,
  type TestReport,
} from './test-report.ts';

export interface Gate {
  readonly linesPercent: number;
  readonly branchesPercent: number;
}

export interface ProjectRun {
  readonly folder: string;
  /** Whether the task `test` succeeded: it also fails when the coverage gate does. */
  readonly succeeded: boolean;
  readonly cached: boolean;
  readonly report: TestReport | undefined;
  readonly coverage: CoverageSummary | undefined;
}

export interface ProjectLine {
  readonly counts: Counts;
  readonly text: string;
}

const isBelow = ({ total }: CoverageSummary, gate: Gate): boolean =>
  coveredPercent(total.lines) < gate.linesPercent || coveredPercent(total.branches) < gate.branchesPercent;

function describeCoverage(coverage: CoverageSummary, gate: Gate): string {
  const lines = coveredPercent(coverage.total.lines);
  const branches = coveredPercent(coverage.total.branches);
  const needed = `, BELOW THE GATE of ${gate.linesPercent} % lines, ${gate.branchesPercent} % branches`;
  return `coverage ${lines} % lines, ${branches} % branches${isBelow(coverage, gate) ? needed : ''}`;
}

/** Why a run failed in which no test did; undefined when the gate, shown beside it, says so already. */
function explain({ report, coverage }: ProjectRun, tests: Counts, gate: Gate): string | undefined {
  if (report === undefined) return 'no report: the test runner did not get that far';
  if (tests.passed + tests.skipped === 0) return 'it has no tests';
  return coverage !== undefined && isBelow(coverage, gate)
    ? undefined
    : 'no test failed, but the run did: see its output above';
}

/** A task that failed although no test did (coverage gate, crash, no test file) counts as one failure. */
export function summarise(run: ProjectRun, gate: Gate): ProjectLine {
  const { folder, succeeded, cached, report, coverage } = run;
  const tests = report === undefined ? NOTHING : countTests(report);
  const unexplained = !succeeded && tests.failed === 0;
  const counts = unexplained ? { ...tests, failed: 1 } : tests;
  const notes = [
    unexplained ? explain(run, tests, gate) : undefined,
    coverage === undefined ? undefined : describeCoverage(coverage, gate),
    cached ? 'from the cache' : undefined,
  ].filter((note) => note !== undefined);
  return {
    counts,
    text: [`${succeeded ? 'ok  ' : 'FAIL'} ${folder.padEnd(20)} ${renderCounts(counts)}`, ...notes].join('; '),
  };
}
