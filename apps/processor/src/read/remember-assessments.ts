/**
 * What an environment has told users last. An app asks for insights, recommendations and the forecast one after the other, and again while
 * nothing has changed: each follows from the same assessment, which costs more CPU than all else in the answer.
 */
import type { UserInsights } from '@quartersec/insights';

/** An assessment of five connections is some 50 KB: 25 MB of 512. */
const mostKept = 500;

export interface RememberedAssessments {
  /** @param key of all that the assessment follows from */
  get(key: string): UserInsights | undefined;
  set(key: string, assessment: UserInsights): void;
}

/** @param most that are kept, of those that were asked for last */
export function rememberAssessments(most: number = mostKept): RememberedAssessments {
  const known = new Map<string, UserInsights>();
  return {
    get(key) {
      const assessment = known.get(key);
      if (assessment === undefined) return undefined;
      known.delete(key);
      known.set(key, assessment);
      return assessment;
    },
    set(key, assessment) {
      known.set(key, assessment);
      if (known.size <= most) return;
      for (const oldest of known.keys()) {
        known.delete(oldest);
        return;
      }
    },
  };
}
