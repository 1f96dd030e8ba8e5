/**
 * The whole system in one process under a virtual clock: users who link, read, dismiss and remove, banks on their bad days, and the real
 * functions between them, which crash, race, are throttled and are lied to. What users read in the end is what their banks hold.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them, `npm run simulate` many. A failure is shrunk, and prints the command that runs its
 * history alone.
 */
import { it } from 'vitest';
import { checkHistories } from './bank/check-histories.ts';
import { systemHistories } from './system/system-histories.ts';

it('tells users what their banks hold, whatever happened on the way', async () => {
  await checkHistories(systemHistories, { here: 200, inCi: 300 });
}, 0);
