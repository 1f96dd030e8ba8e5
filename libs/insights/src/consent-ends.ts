/** The user's consent ends soon, and data with it: said while it can be renewed without a gap, and no longer once it is past. */
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ConsentEndsInsight } from './insight.ts';
import type { View } from './view.ts';

export const consentNoticeDays = 14;

export function consentEnds({ connections, today }: View): ConsentEndsInsight[] {
  return connections.flatMap(({ connectionId, consentEndsDay }): ConsentEndsInsight[] => {
    if (consentEndsDay === null) return [];
    const days = consentEndsDay - today;
    if (days < 0 || days > consentNoticeDays) return [];
    return [
      {
        kind: 'consent-ends',
        fingerprint: fingerprintOf('consent-ends', [connectionId], dateOf(consentEndsDay)),
        currency: null,
        confidencePercent: 99,
        date: dateOf(consentEndsDay),
        counterparty: null,
        evidence: [],
        connectionId,
        days,
      },
    ];
  });
}
