/**
 * Webhooks that this environment has taken, for as long as their token would be accepted again. A repeat that another environment
 * meets becomes a second message, which is harmless: events of a connection are coalesced, and an event only asks for a look.
 */
import { earliestMs, oldestMs } from '@quartersec/providers';

export interface SeenWebhooks {
  has(key: string, nowEpochMs: number): boolean;
  add(key: string, nowEpochMs: number): void;
}

/** @param most keys; the oldest go first. 10,000 are about 4 MB */
export function createSeenWebhooks(most = 10_000): SeenWebhooks {
  const untilEpochMs = new Map<string, number>();
  return {
    has(key, nowEpochMs) {
      const until = untilEpochMs.get(key);
      return until !== undefined && nowEpochMs <= until;
    },
    add(key, nowEpochMs) {
      for (const [first, until] of untilEpochMs) {
        if (untilEpochMs.size < most && until >= nowEpochMs) break;
        untilEpochMs.delete(first);
      }
      untilEpochMs.set(key, nowEpochMs + oldestMs + earliestMs);
    },
  };
}
