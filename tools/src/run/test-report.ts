/** Reads what vitest's JSON reporter wrote; decides only, reads no file. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The parts of a vitest JSON report that are counted and told. */
export interface TestReport {
  readonly testResults: readonly FileReport[];
}

export interface FileReport {
  readonly status: string;
  /** Absolute path of the file. */
  readonly name?: string;
  /** Why the file failed as a whole. */
  readonly message?: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName?: string;
    readonly failureMessages?: readonly string[];
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

const reasonLines = 3;
const ansiColours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** What failed and the first words of why, two indented lines or more each: who reads only the end of a long log needs no more. */
export function tellFailures(report: TestReport, root: string): readonly string[] {
  return report.testResults.flatMap((file) => {
    const name = file.name?.replace(`${root}/`, '') ?? 'a file without a name';
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (file.status === 'failed' && failed.length === 0) return tell(name, file.message);
    return failed.flatMap(({ fullName, failureMessages }) => tell(`${name}: ${fullName}`, failureMessages?.[0]));
  });
}

function tell(what: string, why = ''): readonly string[] {
  const reasons = why
    .replace(ansiColours, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return [`  failed: ${what}`, ...reasons.slice(0, reasonLines).map((line) => `    ${line.trim()}`)];
}

/** The line that CI and people read last. */
export function renderCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Rounded down: 89.96 % is not 90 %. 100 when there is nothing to cover. */
export const coveredPercent = ({ covered, total }: Covered): number =>
  total === 0 ? 100 : Math.floor((covered / total) * 1_000) / 10;
