/** What is derived of connections, over the table. */
import { saveInsightState } from '@quartersec/storage';
import { packDerived } from './derived.ts';
import type { InsightsDependencies } from './event-insights.ts';
import { type DerivedTables, readDerived, readWhole } from './read-derived.ts';

export function insightsOver(tables: DerivedTables): InsightsDependencies {
  return {
    readDerived: (head, deadline) => readDerived(tables, head, deadline),
    readWhole: (head, deadline) => readWhole(tables.entries, head, deadline),
    saveDerived: (connectionId, derived, replaces, deadline) => {
      const { version, hash } = derived;
      const state = { connectionId, version, hash, body: packDerived(derived) };
      return saveInsightState(tables.cache, state, { deadline, replaces });
    },
  };
}
