/** Time limits of the functions, from the SLA. */
import { deadlineBudget } from '@quartersec/sla';

export const handlerLimits = {
  hardDeadlineMs: deadlineBudget.hardMs,
  /** What an answer, its log line and its metrics may take after the event's own deadline. */
  answerReserveMs: 200,
} as const;
