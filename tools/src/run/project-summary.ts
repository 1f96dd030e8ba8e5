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

function describeCoverage({ total }: CoverageSummary, gate: Gate): string {
  const lines = coveredPercent(total.lines);
  const branches = coveredPercent(total.branches);
  const below = lines < gate.linesPercent || branches < gate.branchesPercent;
  const needed = `, BELOW THE GATE of ${gate.linesPercent} % lines, ${gate.branchesPercent} % branches`;
  return `coverage ${lines} % lines, ${branches} % branches${below ? needed : ''}`;
}

/** A task that failed although no test did (coverage gate, crash, no test file) counts as one failure. */
export function summarise({ folder, succeeded, cached, report, coverage }: ProjectRun, gate: Gate): ProjectLine {
  const tests = report === undefined ? NOTHING : countTests(report);
  const unexplained = !succeeded && tests.failed === 0;
  const counts = unexplained ? { ...tests, failed: 1 } : tests;
  const notes = [
    ...(coverage === undefined ? [] : [describeCoverage(coverage, gate)]),
    ...(report === undefined ? ['no report: the test runner did not get that far'] : []),
    ...(unexplained && report !== undefined ? ['no test failed, but the run did: see its output above'] : []),
    ...(cached ? ['from the cache'] : []),
  ];
  return {
    counts,
    text: [`${succeeded ? 'ok  ' : 'FAIL'} ${folder.padEnd(20)} ${renderCounts(counts)}`, ...notes].join('; '),
  };
}
