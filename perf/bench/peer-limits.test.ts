import { readFileSync } from 'node:fs';
import { deadlineBudget, maxAttempts, objectives } from '@quartersec/sla';
import { expect, it } from 'vitest';

const source = readFileSync(new URL('../peer-go/retry.go', import.meta.url), 'utf8');

/** Go cannot read libs/sla; this keeps its copy in step. */
it.each([
  ['hardDeadlineMs', deadlineBudget.hardMs],
  ['commitReserveMs', deadlineBudget.commitReserveMs],
  ['attemptAtLeastMs', deadlineBudget.attemptAtLeastMs],
  ['maxAttempts', maxAttempts],
  ['baseWaitMs', objectives.roundTrip.underMs / 5],
  ['tableAttemptMs', 5 * objectives.store.underMs],
])('the Go peer has the same %s', (name, value) => {
  const [, digits] = new RegExp(`^\\s*${name} += ([0-9_]+)$`, 'm').exec(source) ?? [];
  expect(Number(digits?.replaceAll('_', ''))).toBe(value);
});
