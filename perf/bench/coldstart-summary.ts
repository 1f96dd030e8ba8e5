/** What the cold starts say, beside their limits. Pure. */
import { ratioSpread, type Spread, spreadOf } from './ratios.ts';

export interface ColdStartRow {
  readonly name: string;
  /** `function`: the limits are for it; `reference`: stands beside. */
  readonly kind: 'function' | 'reference';
  readonly initBytes: number;
  readonly totalBytes: number;
  /** One of each round, ms. */
  readonly firstAnswerMs: readonly number[];
  /** Of it, from the spawn until the function asked for its first event. */
  readonly initMs: readonly number[];
}

export const limits = { bundleBytes: 1_000_000, timesEmptyHandler: 2 } as const;

export interface ColdStartSummary extends Omit<ColdStartRow, 'firstAnswerMs' | 'initMs'> {
  readonly firstAnswerMs: Spread | undefined;
  readonly initMs: Spread | undefined;
  /** Of the empty handler's time in the same round. */
  readonly timesEmptyHandler: Spread | undefined;
  readonly keepsSize: boolean;
  readonly keepsTime: boolean;
}

export function summariseColdStarts(rows: readonly ColdStartRow[], emptyName: string): readonly ColdStartSummary[] {
  const empty = rows.find(({ name }) => name === emptyName)?.firstAnswerMs ?? [];
  return rows.map((row) => {
    const timesEmptyHandler = ratioSpread(row.firstAnswerMs.map((ms, round) => [ms, empty[round] ?? 0] as const));
    return {
      ...row,
      firstAnswerMs: spreadOf(row.firstAnswerMs),
      initMs: spreadOf(row.initMs),
      timesEmptyHandler,
      keepsSize: row.totalBytes <= limits.bundleBytes,
      keepsTime: (timesEmptyHandler?.median ?? Number.POSITIVE_INFINITY) <= limits.timesEmptyHandler,
    };
  });
}

const kilobytes = (bytes: number) => (bytes === 0 ? '-' : `${Math.round(bytes / 1_000)} kB`);

export function renderColdStarts(summary: readonly ColdStartSummary[]): readonly (readonly string[])[] {
  return [
    ['function', 'loaded at start', 'in all', 'first answer, ms', 'spread', 'of it init', 'x empty handler'],
    ...summary.map(({ name, initBytes, totalBytes, firstAnswerMs, initMs, timesEmptyHandler }) => [
      name,
      kilobytes(initBytes),
      kilobytes(totalBytes),
      firstAnswerMs?.median.toFixed(0) ?? '-',
      firstAnswerMs === undefined ? '-' : `${firstAnswerMs.least.toFixed(0)} to ${firstAnswerMs.most.toFixed(0)}`,
      initMs?.median.toFixed(0) ?? '-',
      timesEmptyHandler?.median.toFixed(2) ?? '-',
    ]),
  ];
}

export function renderVerdicts(summary: readonly ColdStartSummary[]): readonly string[] {
  const said = (isKept: boolean) => (isKept ? 'kept' : 'NOT kept');
  return summary
    .filter(({ kind }) => kind === 'function')
    .flatMap(({ name, keepsSize, keepsTime }) => [
      `target: ${name} bundle <= ${limits.bundleBytes / 1_000_000} MB: ${said(keepsSize)}`,
      `target: ${name} first answer <= ${limits.timesEmptyHandler} x empty handler: ${said(keepsTime)}`,
    ]);
}
