/** A source that answers what a test says: leaves by `<op> <metric>`, optionally with the window in seconds, `@60`. */
import { type Expression, isBudget, isPair } from '@quartersec/sla';
import type { Ask } from '../src/board/objective-rows.ts';

export function answering(leaves: Readonly<Record<string, number>>): Ask {
  const ask = ({ node }: Expression): number | undefined => {
    if (isBudget(node)) {
      const share = ask(node.share);
      if (share === undefined) return undefined;
      return node.op === 'budgetBurn' ? share / node.budget : 1 - share / node.budget;
    }
    if (!isPair(node)) {
      const key = `${node.op} ${node.metric}`;
      return leaves[`${key}@${node.scope.windowMs / 1_000}`] ?? leaves[key];
    }
    const left = ask(node.left);
    const right = ask(node.right);
    if (left === undefined || right === undefined) return undefined;
    if (node.op === 'plus') return left + right;
    return right > 0 ? left / right : undefined;
  };
  return ask;
}

/** One minute of 300 good events a minute. */
export const healthy: Readonly<Record<string, number>> = {
  'percentile RoundTrip': 148.25,
  'percentile Processing': 21,
  'percentile Store': 9,
  'count RoundTrip': 300,
  'count Processing': 300,
  'count Store': 300,
  'count Events': 300,
  'count Events@3600': 18_000,
  'count Bad': 45,
  'count Failed': 3,
  'count SyncAge@3600': 17_800,
  'countOver SyncAge': 0,
  'ratePerMinute Events': 300,
  'count Retries': 12,
  'count RetriesExhausted': 1,
  'count CacheHits': 600,
  'count CacheMisses': 350,
  'count CacheFailures': 50,
  'count Audits': 1,
  'count AuditDifferences': 0,
};
