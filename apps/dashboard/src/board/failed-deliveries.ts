/** Notifications that the board could not take: what they would have said is lost, so that they failed is shown. Pure. */

export interface FailedDelivery {
  readonly reason: string;
  readonly atEpochMs: number;
}

/** A failing sender repeats itself within its group interval; what has not been repeated for so long is over. */
const SHOWN_MS = 600_000;
/** Far more than a sender repeats in that time; older ones need not be counted. */
const KEPT_AT_MOST = 1_000;

export function recordFailure(
  failures: readonly FailedDelivery[],
  reason: string,
  nowEpochMs: number,
): readonly FailedDelivery[] {
  return [...recent(failures, nowEpochMs), { reason, atEpochMs: nowEpochMs }].slice(-KEPT_AT_MOST);
}

/** @returns one sentence for each reason, the newest first */
export function deliveryWarnings(failures: readonly FailedDelivery[], nowEpochMs: number): readonly string[] {
  const byReason = Map.groupBy(recent(failures, nowEpochMs), ({ reason }) => reason);
  return [...byReason]
    .map(([reason, all]) => ({ reason, count: all.length, newest: all.at(-1)?.atEpochMs ?? 0 }))
    .sort((a, b) => b.newest - a.newest)
    .map(({ reason, count, newest }) => {
      const what = count === 1 ? 'A notification was lost' : `${count} notifications were lost`;
      return `${what}, the last at ${new Date(newest).toISOString().slice(11, 19)} UTC: ${reason}`;
    });
}

const recent = (failures: readonly FailedDelivery[], nowEpochMs: number) =>
  failures.filter(({ atEpochMs }) => nowEpochMs - atEpochMs < SHOWN_MS);
