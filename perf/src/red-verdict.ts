/** Whether a spoiled run was refused, and for its own reason. Pure. */
import { failuresOf, type Gate } from './gate.ts';
import { failedGateExitCode, verdictOf } from './verdict.ts';

export interface RedQuestion {
  readonly name: string;
  /** Gates that must be among the broken ones; none: the run must pass. */
  readonly expected: readonly string[];
  /** Whether k6 itself must exit as the gate does; false where its clock need not notice. */
  readonly isSeenByK6?: boolean;
  readonly run: { readonly gates: readonly Gate[]; readonly k6ExitCode: number };
  readonly integrity: readonly Gate[];
}

export interface RedFinding {
  readonly name: string;
  readonly passed: boolean;
  readonly exitCode: number;
  readonly k6ExitCode: number;
  readonly broken: readonly string[];
  readonly expected: readonly string[];
}

export function judgeRed({ name, expected, isSeenByK6 = true, run, integrity }: RedQuestion): RedFinding {
  // Never void here: the question is whether the bound is noticed, whoever broke it.
  const verdict = verdictOf([{ gates: run.gates, stolen: 0 }], integrity, []);
  const exitCode = verdict.passed ? 0 : failedGateExitCode;
  const broken = failuresOf([...run.gates, ...integrity]).map((gate) => gate.name);
  const asExpected = expected.length === 0 ? broken.length === 0 : expected.every((each) => broken.includes(each));
  const mustExit = expected.length === 0 ? 0 : failedGateExitCode;
  return {
    name,
    passed: exitCode === mustExit && (!isSeenByK6 || run.k6ExitCode === mustExit) && asExpected,
    exitCode,
    k6ExitCode: run.k6ExitCode,
    broken,
    expected,
  };
}

export function renderRed(findings: readonly RedFinding[]): string {
  const lines = findings.map(
    ({ name, passed, exitCode, k6ExitCode, broken }) =>
      `${passed ? 'ok    ' : 'WRONG '} ${name.padEnd(16)} gate exits ${String(exitCode).padStart(2)}, k6 ${String(k6ExitCode).padStart(2)}   ${broken.join(', ') || 'every bound kept'}`,
  );
  const passed = findings.filter((finding) => finding.passed).length;
  return [...lines, `${passed} of ${findings.length} as they must be`].join('\n');
}
