/** From the delays of all runs to figures and a verdict. Pure. */
import { formatMs } from '../duration.ts';
import { distribution } from '../time-series.ts';
import { type AlertPathName, alertPaths, boundMs } from './alert-paths.ts';

/** From exhaustion to the page; `null` when it never showed while it was watched. */
export type Delays = Readonly<Partial<Record<AlertPathName, number | null>>>;

export interface AlertRun {
  /** From 1. */
  readonly run: number;
  /** ISO 8601. */
  readonly exhaustedAt: string;
  readonly delaysMs: Delays;
}

export interface PathSummary {
  readonly path: AlertPathName;
  readonly runs: number;
  readonly neverShown: number;
  /** Of those that showed; `null` when none did. */
  readonly minMs: number | null;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
  readonly targetMs: number;
  readonly targetMet: boolean;
  /** The slowest run is within the promise, and none is missing. */
  readonly kept: boolean;
}

export interface AlertVerdict {
  readonly passed: boolean;
  readonly because: string;
}

/** Events while everything that watches stood still. */
export interface UnwatchedEvents {
  readonly sent: number;
  readonly committed: number;
}

/** The best of all visits to the board's page: others use the machine as well. */
const firstPaintWithinMs = 1_000;

/** Fewer say little about the slowest case. */
export const runsPromised = 20;

export function summarisePath(path: AlertPathName, runs: readonly AlertRun[]): PathSummary {
  const all = runs.map(({ delaysMs }) => delaysMs[path]).filter((delay) => delay !== undefined);
  const shown = all.filter((delay) => delay !== null);
  const values = distribution(shown);
  const { targetMs } = alertPaths[path];
  const within = (limitMs: number) =>
    values !== undefined && all.length === runs.length && shown.length === all.length && values.max <= limitMs;
  return {
    path,
    runs: all.length,
    neverShown: all.length - shown.length,
    minMs: shown.length === 0 ? null : Math.min(...shown),
    medianMs: values?.p50 ?? null,
    p95Ms: values?.p95 ?? null,
    maxMs: values?.max ?? null,
    targetMs,
    targetMet: within(targetMs),
    kept: within(boundMs),
  };
}

/**
 * Every path must have shown every alert in time, and nothing that watches may hold up what it watches.
 * @param paintsMs first contentful paint of each visit to the board's page; `undefined` where no browser looked
 */
export function judgeAlerts(
  summaries: readonly PathSummary[],
  unwatched: UnwatchedEvents,
  paintsMs: readonly number[] | undefined,
): AlertVerdict {
  if (summaries.length === 0) return { passed: false, because: 'nothing was measured' };
  const broken = [
    ...summaries.filter(({ kept }) => !kept).map(reasonOf),
    ...(unwatched.committed === unwatched.sent && unwatched.sent > 0
      ? []
      : [`${unwatched.committed} of ${unwatched.sent} events were processed while monitoring stood still`]),
    ...(paintsMs === undefined || Math.min(...paintsMs) < firstPaintWithinMs
      ? []
      : [`the board's page was painted after ${describePaint(paintsMs)}, promised is ${formatMs(firstPaintWithinMs)}`]),
  ];
  if (broken.length > 0) return { passed: false, because: broken.join('; ') };
  const slowestMs = Math.max(...summaries.map(({ maxMs }) => maxMs ?? 0));
  return {
    passed: true,
    because: `the slowest alert was shown after ${formatMs(slowestMs)}, promised are ${formatMs(boundMs)}`,
  };
}

const describePaint = (paintsMs: readonly number[]) =>
  paintsMs.length === 0 ? 'no visit' : `${formatMs(Math.min(...paintsMs))} at best`;

function reasonOf({ path, runs, neverShown, maxMs }: PathSummary): string {
  const { about } = alertPaths[path];
  if (runs === 0) return `${about}: no run`;
  if (neverShown > 0) return `${about}: the alert never showed in ${neverShown} of ${runs} runs`;
  return `${about}: ${formatMs(maxMs ?? 0)} in the slowest run, promised are ${formatMs(boundMs)}`;
}

/**
 * Spreads the runs evenly over the interval in which everything is read and judged: chance would leave out the worst moments.
 * @param run from 0
 * @returns how long to wait, less than `periodMs`
 */
export function waitForPhaseMs(nowEpochMs: number, run: number, runs: number, periodMs: number): number {
  const wantedMs = (run * periodMs) / runs;
  return (wantedMs - (nowEpochMs % periodMs) + periodMs) % periodMs;
}
