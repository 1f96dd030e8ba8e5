/**
 * The real pipeline before the simulator's bank on its bad days: whatever the bank does, wherever reads are disturbed, crash or lose
 * their cursor, and however events come twice, late or at once, what stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them, `npm run simulate` many. A failure is shrunk, and prints the command that runs its
 * history alone.
 */
import { it } from 'vitest';
import { checkHistories } from './bank/check-histories.ts';
import { plaidHistories } from './bank/plaid-histories.ts';

it('ends with what the bank holds, whatever happened on the way', async () => {
  await checkHistories(plaidHistories, { here: 200, inCi: 400 });
}, 0);
