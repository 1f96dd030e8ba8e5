import { dateOf } from './day.ts';
import { type Evidence, mostEvidence } from './insight.ts';
import type { Movement } from './view.ts';

interface Source {
  readonly connectionId: string;
  readonly accountId: string;
  readonly movement: Movement;
}

/** @param sources oldest first */
export function evidenceOf(sources: readonly Source[]): readonly Evidence[] {
  return sources
    .slice(-mostEvidence)
    .reverse()
    .map(({ connectionId, accountId, movement }) => {
      return { connectionId, accountId, date: dateOf(movement.day), minor: movement.minor };
    });
}
