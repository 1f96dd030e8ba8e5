/**
 * What the user said of an insight or a recommendation, by its fingerprint. A fingerprint holds no amount and no spelling, so a dismissed
 * one stays away however names and amounts drift; a new fact has another fingerprint.
 */
import { dateOf } from './day.ts';
import type { Insight, Recommendation } from './insight.ts';
import type { Day } from './view.ts';

export interface Feedback {
  /** Of an insight or of a recommendation. */
  readonly fingerprint: string;
  readonly action: 'confirm' | 'dismiss' | 'snooze';
  /** Of `snooze`: it comes back after this day (YYYY-MM-DD); `null` of the others. */
  readonly untilDate: string | null;
  /** When it was said; the newest of a fingerprint counts. */
  readonly atEpochMs: number;
}

const CONFIRMED_PERCENT = 99;

/**
 * @returns what is still to be told: dismissed and snoozed ones left out, with the recommendations that rest on nothing else;
 *   confirmed ones are sure, and a confirmed recurring payment is mature
 */
export function applyFeedback(
  {
    insights,
    recommendations,
  }: { readonly insights: readonly Insight[]; readonly recommendations: readonly Recommendation[] },
  feedback: readonly Feedback[],
  today: Day,
): { readonly insights: Insight[]; readonly recommendations: Recommendation[] } {
  const said = newestOf(feedback);
  const isTold = ({ fingerprint }: { readonly fingerprint: string }) => !isAway(said.get(fingerprint), dateOf(today));
  const told = insights.filter(isTold).map((insight) => confirmed(insight, said));
  const away = new Set(insights.filter((insight) => !isTold(insight)).map(({ fingerprint }) => fingerprint));
  const confirmedOnes = new Set(
    told.filter((one) => said.get(one.fingerprint)?.action === 'confirm').map((one) => one.fingerprint),
  );
  return {
    insights: told,
    recommendations: recommendations
      .filter((one) => isTold(one) && !one.insights.every((fingerprint) => away.has(fingerprint)))
      .map((one) => {
        const isSure =
          said.get(one.fingerprint)?.action === 'confirm' || one.insights.some((id) => confirmedOnes.has(id));
        return isSure ? { ...one, confidencePercent: surer(one.confidencePercent) } : one;
      }),
  };
}

function isAway(said: Feedback | undefined, today: string): boolean {
  if (said?.action === 'dismiss') return true;
  return said?.action === 'snooze' && said.untilDate !== null && today <= said.untilDate;
}

function confirmed(insight: Insight, said: ReadonlyMap<string, Feedback>): Insight {
  if (said.get(insight.fingerprint)?.action !== 'confirm') return insight;
  const confidencePercent = surer(insight.confidencePercent);
  return insight.kind === 'recurring'
    ? { ...insight, confidencePercent, status: 'mature' }
    : { ...insight, confidencePercent };
}

function surer(confidencePercent: number): number {
  return Math.max(confidencePercent, CONFIRMED_PERCENT);
}

/** Of two of one moment the one that tells less counts, so that the order in which they are given makes no difference. */
function newestOf(feedback: readonly Feedback[]): Map<string, Feedback> {
  const newest = new Map<string, Feedback>();
  for (const one of feedback) {
    const known = newest.get(one.fingerprint);
    if (known === undefined || isNewer(one, known)) newest.set(one.fingerprint, one);
  }
  return newest;
}

const QUIET_FIRST: readonly Feedback['action'][] = ['dismiss', 'snooze', 'confirm'];

function isNewer(one: Feedback, known: Feedback): boolean {
  if (one.atEpochMs !== known.atEpochMs) return one.atEpochMs > known.atEpochMs;
  const order = QUIET_FIRST.indexOf(one.action) - QUIET_FIRST.indexOf(known.action);
  return order < 0 || (order === 0 && (one.untilDate ?? '') > (known.untilDate ?? ''));
}
