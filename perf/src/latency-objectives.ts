import { isLatencyObjective, type LatencyObjective, type Objective, objectives } from '@quartersec/sla';

/** The bounds on percentiles, in the order of their declaration. */
export const latencyObjectives: readonly LatencyObjective[] =
  Object.values<Objective>(objectives).filter(isLatencyObjective);
