/** Reads what Stryker's JSON reporter wrote; decides only, reads no file. */

/** The parts of Stryker's report that are counted and told (mutation-testing-report-schema, version 2). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

export interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

export interface Score {
  /** A test failed, or did not end. */
  readonly seen: number;
  /** Every test passed, or none runs the place. */
  readonly unseen: number;
  /** Excluded by a comment in the source that says why. */
  readonly excluded: number;
}

const SEEN = ['Killed', 'Timeout'];
const UNSEEN = ['Survived', 'NoCoverage'];

/** What cannot be loaded at all (`CompileError`, `RuntimeError`) says nothing of the tests, and counts nowhere. */
export function scoreOf({ files }: MutationReport): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (of: readonly string[]) => statuses.filter((status) => of.includes(status)).length;
  return { seen: count(SEEN), unseen: count(UNSEEN), excluded: count(['Ignored']) };
}

export const sum = (scores: readonly Score[]): Score => ({
  seen: scores.reduce((all, { seen }) => all + seen, 0),
  unseen: scores.reduce((all, { unseen }) => all + unseen, 0),
  excluded: scores.reduce((all, { excluded }) => all + excluded, 0),
});

/** Rounded down to a tenth: 84.96 % is not 85 %. 100 where there is nothing to see. */
export const percentOf = ({ seen, unseen }: Score): number =>
  seen + unseen === 0 ? 100 : Math.floor((seen / (seen + unseen)) * 1_000) / 10;

/** @returns a line for each mutant that no test saw: place, kind, and what stood there instead */
export function tellUnseen({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status }) => UNSEEN.includes(status))
      .map(({ status, mutatorName, replacement = '', location: { start } }) => {
        const instead = replacement.replace(/\s+/g, ' ').slice(0, 80);
        return `${file}:${start.line}:${start.column} ${mutatorName}${status === 'NoCoverage' ? ' (no test runs it)' : ''}: ${instead}`;
      }),
  );
}

/** @returns the lines of a table, the widest name first in width */
export function renderScores(scores: ReadonlyMap<string, Score>): readonly string[] {
  const rows = [...scores].map(([name, score]) => [
    name,
    `${percentOf(score).toFixed(1)} %`,
    String(score.seen),
    String(score.unseen),
    String(score.excluded),
  ]);
  const table = [['package', 'score', 'seen', 'unseen', 'excluded'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
