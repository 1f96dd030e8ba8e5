/** A planted bug: the fault of plugins that replay a text diff with a time limit, whose text then depends on the clock. */

/**
 * Replays the printed text line by line until `limitMs` of the clock have passed, and leaves the rest as it was written.
 * @returns the printed text on a quick machine, a mixture on a slow one
 */
export function replayUntil(limitMs: number, source: string, printed: string, nowMs: () => number): string {
  const untilMs = nowMs() + limitMs;
  const wanted = printed.split('\n');
  const replayed = wanted.findIndex(() => nowMs() > untilMs);
  if (replayed === -1) return printed;
  return [...wanted.slice(0, replayed), ...source.split('\n').slice(replayed)].join('\n');
}
