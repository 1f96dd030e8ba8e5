/** From what is derived of connections to the view that the detectors look at, and to what they say of it. Pure. */
import {
  type ConnectionPart,
  connectionInsights,
  type Feedback,
  type Insight,
  insightsApart,
  settledReadings,
  type UserInsights,
  userInsights,
  viewOf,
} from '@quartersec/insights';
import type { FeedbackVerdict, Head, InsightFeedback } from '@quartersec/storage';
import { type Derived, dayOfEpochMs } from './derived.ts';

export interface UserConnection {
  readonly head: Head;
  readonly derived: Derived;
}

/** @param syncedDay see `ConnectionView` */
export function insightsOfConnection(connection: UserConnection, syncedDay: number, today: number): readonly Insight[] {
  return insightsApart(viewOf([partOf(connection, syncedDay)], today), connectionInsights);
}

/** @param without fingerprints of recurring payments that the forecast leaves out */
export function assessUser(
  connections: readonly UserConnection[],
  today: number,
  feedback: readonly InsightFeedback[],
  without: ReadonlySet<string>,
): UserInsights {
  const parts = connections.map((connection) => {
    const { lastSync } = connection.head;
    return partOf(connection, lastSync === null ? null : dayOfEpochMs(lastSync.startedEpochMs));
  });
  return userInsights(viewOf(parts, today), connectionInsights, feedback.map(feedbackOf), without);
}

function partOf({ head, derived }: UserConnection, syncedDay: number | null): ConnectionPart {
  const { connectionId, institutionId, consentExpiresEpochMs, history, accounts } = head;
  const facts = {
    connectionId,
    institutionId,
    consentEndsDay: consentExpiresEpochMs === undefined ? null : dayOfEpochMs(consentExpiresEpochMs),
    syncedDay,
    isHistoryComplete: history === 'complete',
    accounts: accounts.map((account) => {
      const { earlier, settled } = settledReadings(derived.balances.get(account.accountId) ?? []);
      const readDay = dayOfEpochMs(account.readEpochMs);
      // With one of the two alone nothing is compared.
      return { ...account, readDay, earlierBalance: earlier, settledBalance: earlier && settled };
    }),
  };
  return { facts, state: derived.state };
}

const actions: Readonly<Record<FeedbackVerdict, Feedback['action']>> = {
  confirmed: 'confirm',
  dismissed: 'dismiss',
  snoozed: 'snooze',
};

function feedbackOf({ fingerprint, verdict, untilDate, saidEpochMs }: InsightFeedback): Feedback {
  return { fingerprint, action: actions[verdict], untilDate, atEpochMs: saidEpochMs };
}
