/**
 * What an environment has told users last. An app asks for insights, recommendations and the forecast one after the other, and again while
 * nothing has changed: each follows from the same assessment, which costs more CPU than all else in the answer.
 */
import type { UserInsights } from '@quartersec/insights';
import { type Remembered, rememberLast } from '../remember-last.ts';

/** An assessment of five connections is some 50 KB: 25 MB of 512. */
const mostKept = 500;

/** By a key of all that the assessment follows from. */
export type RememberedAssessments = Remembered<UserInsights>;

export const rememberAssessments = (): RememberedAssessments => rememberLast(mostKept);
