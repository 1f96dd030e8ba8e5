/**
 * `GET /v1/insights`, `/v1/insights/{insightId}`, `/v1/recommendations`, `/v1/forecast`: the merge of what is derived of the user's connections, with what the user
 * has said. Work grows with connections, not with their histories.
 */
import type { UserInsights } from '@quartersec/insights';
import type { Deadline } from '@quartersec/sla';
import { type Head, type InsightFeedback, StorageError } from '@quartersec/storage';
import { currencyExponent } from '@quartersec/validation';
import type { ApiCall, ApiOperation, ApiReply } from '../api/api-handler.ts';
import { connectionState } from '../api/connection-view.ts';
import type { ConnectionState, UnreadableConnection } from '../api/contract.ts';
import { ApiError } from '../api/problems.ts';
import { assessUser, type UserConnection } from '../insights/assess.ts';
import { dayOfEpochMs } from '../insights/derived.ts';
import { conditionalHeaders, etagOf, hasAlready, notModified } from './conditional.ts';
import { inTurns } from './in-turns.ts';
import type { QueryDependencies } from './query-dependencies.ts';
import { readable, readHeadsBeside, refuseIfNothing, refuseUnanswerable } from './user-heads.ts';

const readsAtOnce = 16;

export function listInsights(deps: QueryDependencies): ApiOperation<'listInsights'> {
  return (call) =>
    told(deps, call, ['insights', call.query.kind ?? null], [], ({ insights, confirmed }) => ({
      insights: insights
        .filter(({ kind }) => call.query.kind === undefined || kind === call.query.kind)
        .map((insight) => ({ ...insight, ...contextOf(insight, confirmed) })),
    }));
}

/** Another user's insight is answered as one that never was; so is one that was dismissed, or holds no more. */
export function getInsight(deps: QueryDependencies): ApiOperation<'getInsight'> {
  return (call) =>
    told(deps, call, ['insight', call.pathId], [], ({ insights, recommendations, confirmed, missing: [unread] }) => {
      const insight = insights.find(({ fingerprint }) => fingerprint === call.pathId);
      if (insight === undefined) {
        // It may be of what cannot be read: nobody may be told that it is gone.
        if (unread !== undefined) throw new StorageError('ENTRY_CORRUPT', { connectionId: unread.connectionId });
        throw new ApiError('INSIGHT_UNKNOWN');
      }
      return {
        insight: { ...insight, ...contextOf(insight, confirmed) },
        recommendations: recommendations
          .filter((each) => each.insights.includes(insight.fingerprint))
          .map((each) => ({ ...each, ...contextOf(each, confirmed) })),
      };
    });
}

export function listRecommendations(deps: QueryDependencies): ApiOperation<'listRecommendations'> {
  return (call) =>
    told(deps, call, ['recommendations'], [], ({ recommendations, confirmed }) => ({
      recommendations: recommendations.map((each) => ({ ...each, ...contextOf(each, confirmed) })),
    }));
}

export function getForecast(deps: QueryDependencies): ApiOperation<'getForecast'> {
  return (call) => {
    const without = call.query.without?.split(',') ?? [];
    return told(deps, call, ['forecast', without], without, ({ forecast }) => ({
      accounts: forecast.map((account) => ({ ...account, exponent: exponentOf(account.currency) })),
    }));
  };
}

interface Answered extends UserInsights {
  readonly confirmed: ReadonlySet<string>;
  readonly missing: readonly UnreadableConnection[];
}

interface About {
  readonly connections: readonly ConnectionState[];
  readonly unreadable: readonly UnreadableConnection[];
}

async function told<Body extends object>(
  deps: QueryDependencies,
  { userId, deadline, headers }: Pick<ApiCall<'listInsights'>, 'userId' | 'deadline' | 'headers'>,
  asked: readonly unknown[],
  without: readonly string[],
  bodyOf: (answered: Answered) => Body,
): Promise<ApiReply<Body & About>> {
  const user = deps.userOf(userId, deadline);
  const ids = user.then(({ connectionIds }) => connectionIds);
  const found = await readHeadsBeside(deps, userId, ids, deadline);
  refuseUnanswerable(found);
  const { feedback } = await user;
  const { heads, unreadable } = found;
  const today = dayOfEpochMs(deps.nowEpochMs());
  const etag = etagOf(deps.revision, [...asked, userId, today, feedback], heads);
  if (unreadable.length === 0 && hasAlready(headers['if-none-match'], etag)) return notModified(etag);
  const assessed = await assess(deps, { userId, heads, today, feedback, without }, deadline);
  const missing = [...unreadable, ...assessed.unreadable];
  refuseIfNothing(assessed.heads.length, missing);
  const confirmed = new Set(feedback.flatMap((each) => (each.verdict === 'confirmed' ? [each.fingerprint] : [])));
  const body = {
    ...bodyOf({ ...assessed.assessment, confirmed, missing }),
    connections: assessed.heads.map(connectionState),
    unreadable: missing,
  };
  return { status: 200, body, ...(missing.length === 0 ? { headers: conditionalHeaders(etag) } : { isPartial: true }) };
}

interface Question {
  readonly userId: string;
  readonly heads: readonly Head[];
  readonly today: number;
  readonly feedback: readonly InsightFeedback[];
  readonly without: readonly string[];
}

interface Assessed {
  readonly assessment: UserInsights;
  /** Of the connections that it rests on. */
  readonly heads: readonly Head[];
  readonly unreadable: readonly UnreadableConnection[];
}

async function assess(deps: QueryDependencies, question: Question, deadline: Deadline): Promise<Assessed> {
  const { userId, heads, today, feedback, without } = question;
  const key = etagOf(deps.revision, [userId, today, feedback, without], heads);
  const remembered = deps.assessments.get(key);
  if (remembered !== undefined) return { assessment: remembered, heads, unreadable: [] };
  const read = await inTurns(heads, readsAtOnce, (head) =>
    readable(deps, head.connectionId, async () => ({ head, derived: await deps.readDerived(head, deadline) })),
  );
  const known = read.filter((each): each is UserConnection => 'derived' in each);
  const assessment = assessUser(known, today, feedback, new Set(without));
  if (known.length === heads.length) deps.assessments.set(key, assessment);
  return { assessment, heads: known.map(({ head }) => head), unreadable: read.filter((each) => 'code' in each) };
}

function contextOf(
  { fingerprint, currency }: { readonly fingerprint: string; readonly currency: string | null },
  confirmed: ReadonlySet<string>,
) {
  return { exponent: exponentOf(currency), isConfirmed: confirmed.has(fingerprint) };
}

function exponentOf(currency: string | null): number | null {
  return currency === null ? null : (currencyExponent(currency) ?? null);
}
