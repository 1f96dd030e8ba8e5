/**
 * The real pipeline before the simulator's bank on its bad days, through the UK's Open Banking: no removals are told, ids may be missing,
 * used again or reissued, and reads are disturbed, crash or come twice. What stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them. A failure is shrunk, and prints the command that runs its history alone.
 */
import { it } from 'vitest';
import { checkHistories } from './bank/check-histories.ts';
import { obukHistories } from './bank/obuk-histories.ts';

it('ends with what the bank holds, whatever happened on the way', async () => {
  await checkHistories(obukHistories, { here: 100, inCi: 150 });
}, 0);
