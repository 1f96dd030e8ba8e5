/** The name of an insight: the same however often it is derived, and however names, amounts and days drift. */
import { tupleHash } from '@quartersec/validation';
import type { InsightKind, Recommendation } from './insight.ts';

/**
 * @param about counterparty key, direction, currency, rhythm, size beside others: what tells one subject from another of the same kind
 * @param period of which time it is (a month, a day); empty for what stands until it ends
 * @returns 22 characters, base64url
 */
export function fingerprintOf(
  kind: InsightKind | Recommendation['action'],
  about: readonly string[],
  period = '',
): string {
  return tupleHash(['insight1', kind, period, ...about]);
}
