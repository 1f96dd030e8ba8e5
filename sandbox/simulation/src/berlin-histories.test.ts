/**
 * The real pipeline before the simulator's bank on its bad days, through the Berlin Group's standard: no removals are told, ids may be
 * missing, used again or reissued, amounts are texts or numbers, pending entries may not be listed, and reads are disturbed, crash or come
 * twice. What stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them. A failure is shrunk, and prints the command that runs its history alone.
 */
import { it } from 'vitest';
import { berlinHistories } from './bank/berlin-histories.ts';
import { checkHistories } from './bank/check-histories.ts';

it('ends with what the bank holds, whatever happened on the way', async () => {
  await checkHistories(berlinHistories, { here: 100, inCi: 150 });
}, 0);
