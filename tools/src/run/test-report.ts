/** Reads what vitest's JSON reporter wrote; decides only, reads no file. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The parts of a vitest JSON report that are counted. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface CoverageSummary {
  readonly total: { readonly lines: Covered; readonly branches: Covered };
}

interface Covered {
  readonly covered: number;
  readonly total: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Whatever neither passed nor failed is skipped, under any of the reporter's names for it. */
const countOne = (status: string): Counts => ({
  passed: status === 'passed' ? 1 : 0,
  failed: status === 'failed' ? 1 : 0,
  skipped: status === 'passed' || status === 'failed' ? 0 : 1,
});

/** A file that failed without a failed test (it did not load, or a hook threw) is one failure. */
export function countTests(report: TestReport): Counts {
  return report.testResults.reduce((sum, file) => {
    const counts = file.assertionResults.reduce((all, { status }) => add(all, countOne(status)), NOTHING);
    const unexplained = file.status === 'failed' && counts.failed === 0 ? 1 : 0;
    return add(sum, { ...counts, failed: counts.failed + unexplained });
  }, NOTHING);
}

/** The line that CI and people read last. */
export function renderCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Rounded down: 89.96 % is not 90 %. 100 when there is nothing to cover. */
export const coveredPercent = ({ covered, total }: Covered): number =>
  total === 0 ? 100 : Math.floor((covered / total) * 1_000) / 10;
